import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { recordsDuring } from './support/calls.js';
import type { Journey } from './support/journey.js';
import { vNumber } from './support/messages.js';
import { Officers, playAccesses } from './support/officers.js';
import { peer, World } from './support/world.js';
import { VIEW } from '../tools/log/view-command.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly status: string;
  readonly startTime: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What stands in the file of a key, on its second line if it is PEM. */
const bodyOfFile = (file: string): string => {
  const [first = '', second] = readFileSync(file, 'utf8').trim().split('\n');
  return second ?? first;
};
const PATH = '/v1/processing-activities';
const DOSSIER = 'https://ketenpoort.example/verwerkingen/dossier';

let world: World;
let officers: Officers;
let journey: Journey;
const person = { vNumber: vNumber(), familyName: 'Ingezien' };

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  officers = new Officers(world);
  journey = await playAccesses(world, person);
}, 60_000);
afterAll(() => world.close());

async function spans(name: string, body: object): Promise<readonly Span[]> {
  const answer = await officers.post(name, PATH, body);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return (answer.body as { processingActivities: readonly Span[] }).processingActivities;
}

describe('the reading extension of Logboek Dataverwerkingen (C35)', () => {
  it('answers 400 without any of its three keys, and on a key that it does not know', async () => {
    for (const body of [{}, { startTime: 1 }, { traceId: 'abc' }, { name: 'Ingezien' }]) {
      const answer = await officers.post('fg-gro', PATH, body);
      expect(answer.status).toBe(400);
      expect(answer.headers['content-type']).toMatch('application/problem+json');
      expect(answer.text).not.toContain('Ingezien');
    }
  });

  it('gives one span for each processing of a person, refusals as Unset, and nobody who works somewhere', async () => {
    const found = await spans('fg-gro', {
      'dpl.core.data_subject_id': person.vNumber,
      'dpl.core.data_subject_id_type': 'Vreemdelingennummer',
    });
    const recorded = await world.rows<{ id: string }>(
      `SELECT id FROM access_record WHERE case_id = $1 AND (processing_activity IS NOT NULL
        OR jsonb_array_length(convert_from(canonical, 'UTF8')::jsonb -> 'subjects') > 0)`,
      [journey.caseId],
    );
    const ids = found.map((span) => span.attributes['ketenpoort.access_record']);
    expect(recorded.length).toBeGreaterThan(10);
    expect(ids.toSorted()).toEqual(recorded.map(({ id }) => id).toSorted());
    const stranger = found.find((span) => span.attributes['dpl.core.foreign_operation.processor']?.endsWith('103'));
    expect(stranger).toMatchObject({ name: 'case.read', status: 'Unset' });
    expect(found.filter((span) => span.status === 'Ok').length).toBeGreaterThan(10);
    const text = JSON.stringify(found);
    for (const secret of ['medewerker', person.vNumber, person.familyName]) expect(text).not.toContain(secret);
  });

  it('finds by trace, whichever way the id is written, and by activity within a period', async () => {
    const [first] = await spans('fg-gro', { 'dpl.core.processing_activity_id': DOSSIER });
    const traceId = first?.traceId ?? '';
    const asUuid = traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const byTrace = await spans('fg-gro', { traceId });
    expect(byTrace.map((span) => span.spanId)).toContain(first?.spanId);
    expect(byTrace.every((span) => span.traceId === traceId)).toBe(true);
    expect(await spans('fg-gro', { traceId: asUuid })).toEqual(byTrace);
    const at = first?.startTime ?? 0;
    const then = { 'dpl.core.processing_activity_id': DOSSIER, startTime: at, endTime: at + 1 };
    expect((await spans('fg-gro', then)).map((span) => span.spanId)).toContain(first?.spanId);
    expect(await spans('fg-gro', { ...then, startTime: at + 60_000, endTime: at + 60_001 })).toEqual([]);
    const wide = await officers.post('fg-gro', PATH, { ...then, startTime: 0 });
    expect([wide.status, (wide.body as { code: string }).code]).toEqual([400, 'SEARCH_TOO_BROAD']);
  });

  it('shows an officer what concerns the own organisation only, and records the question with its subject', async () => {
    const question = { 'dpl.core.data_subject_id': person.vNumber };
    const { answer, records } = await recordsDuring(world, () => spans('fg-ams', question));
    expect(answer).toEqual([]);
    expect(records).toMatchObject([
      {
        kind: 'CONSULTATION',
        action: 'processing.search',
        decision: { outcome: 'permit' },
        subjects: [{ id: 'search' }],
      },
    ]);
    expect(JSON.stringify(records)).not.toContain(person.vNumber);
    expect((await spans('fg-ind', question)).length).toBeGreaterThan(0);
  });

  it('is no route of systems', async () => {
    const answer = await officers.post('gro', PATH, { traceId: '0af7651916cd43dd8448eb211c80319c' });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([403, 'SYSTEM_CERTIFICATE']);
  });
});

describe('the standard views from the command line', () => {
  const period = {
    from: new Date(Date.now() - 3_600_000).toISOString(),
    to: new Date(Date.now() + 3_600_000).toISOString(),
  };

  async function view(...args: string[]): Promise<{ code: number; lines: string[] }> {
    const lines: string[] = [];
    const env = { DATABASE_URL: world.ownerUrl };
    const all = [...args, '--from', period.from, '--to', period.to];
    const code = await VIEW.run(all, { env, operator: 'proef' }, (line) => lines.push(line));
    return { code, lines };
  }

  it('C30 print one decision for each record that holds one, and the spans that the reading extension gives', async () => {
    const decisions = await view('adl');
    const [row] = await world.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM access_record WHERE trace_id IS NOT NULL AND kind <> 'ERASURE'`,
    );
    expect([decisions.code, decisions.lines.length]).toEqual([0, row?.n]);
    const spanIds = (await view('ldv')).lines.map((line) => (JSON.parse(line) as Span).spanId);
    for (const { spanId } of await spans('fg-gro', { 'dpl.core.data_subject_id': person.vNumber }))
      expect(spanIds).toContain(spanId);
  });

  it('C32 show who acted for one organisation at a time, only its own people, and no secret', async () => {
    expect(await view('bio2')).toMatchObject({ code: 2 });
    const { lines } = await view('bio2', '--organisation', peer('ind').oin);
    expect(lines.join()).toContain('ind-medewerker-7');
    expect(lines.join()).not.toContain('utr-medewerker-9');
    for (const line of lines) {
      const { actor, action, object, result, origin, timestamp } = JSON.parse(line) as Record<string, unknown>;
      expect(actor).toMatchObject({ organisation: peer('ind').oin });
      for (const part of [action, object, result, origin, timestamp]) expect(String(part)).toMatch(/./);
    }
    const secrets = [...Object.values(world.secrets), world.pki.files('ind').keyFile].map(bodyOfFile);
    expect(secrets).toHaveLength(5);
    for (const secret of [...secrets, 'PRIVATE KEY', 'Bearer ', 'password']) expect(lines.join()).not.toContain(secret);
  });
});
