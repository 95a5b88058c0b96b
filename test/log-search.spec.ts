import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { accepted, consult, recordsDuring } from './support/calls.js';
import type { Journey } from './support/journey.js';
import { application, vNumber } from './support/messages.js';
import { Officers, playAccesses, type EntryView } from './support/officers.js';
import { overTheWire, withoutDate } from './support/wire.js';
import { peer, World } from './support/world.js';

const LIMIT_MS = 60_000;
const BAND_MS = 60;

let world: World;
let officers: Officers;
let journey: Journey;
const person = { vNumber: vNumber(), familyName: 'Ingezien' };
const other = { vNumber: vNumber(), familyName: 'Elders' };

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  officers = new Officers(world);
  journey = await playAccesses(world, person);
  await accepted(world, 'ams', application('ams', 'AMS', other));
}, LIMIT_MS);
afterAll(() => world.close());

const search = (name: string, body: object): Promise<Response> => officers.search(name, body);
const found = async (name: string, body: object): Promise<readonly EntryView[]> => officers.all(name, body);

describe('a search', () => {
  it.each([
    ['a kind', { kind: 'REFUSAL' }, (entry: EntryView) => entry.kind === 'REFUSAL'],
    ['a decision', { decision: 'refuse' }, (entry: EntryView) => entry.decision.outcome === 'refuse'],
    ['an action', { action: 'case.read' }, (entry: EntryView) => entry.action === 'case.read'],
    ['an organisation', { peer: '00000099000000000301' }, (entry: EntryView) => entry.peer?.oin === peer('ind').oin],
  ])('by %s finds all of it and nothing else', async (_what, body, matches) => {
    const all = (await found('fg-gro', {})).filter(({ action }) => action !== 'log.search');
    const some = (await found('fg-gro', body)).filter(({ action }) => action !== 'log.search');
    expect(some.length).toBeGreaterThan(0);
    expect(some.map(({ id }) => id)).toEqual(all.filter(matches).map(({ id }) => id));
  });

  it('takes instants of any offset and answers in UTC', async () => {
    const [newest] = await found('fg-gro', { caseId: journey.caseId, action: 'content.read' });
    const at = Date.parse(newest?.at ?? '');
    const abroad = (ms: number): string => new Date(ms + 19_800_000).toISOString().replace('Z', '+05:30');
    const between = { caseId: journey.caseId, from: abroad(at), to: abroad(at + 1) };
    expect((await found('fg-gro', between)).map(({ id }) => id)).toContain(newest?.id);
    expect(newest?.at).toMatch(/Z$/);
    expect(await found('fg-gro', { ...between, from: abroad(at + 1), to: abroad(at + 2) })).not.toContainEqual(newest);
  });

  it('goes on with its cursor where the page ended, whatever came in since', async () => {
    const body = { caseId: journey.caseId, limit: 3 };
    const whole = await found('fg-gro', { caseId: journey.caseId });
    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { body: page } = await search('fg-gro', { ...body, ...(cursor ? { cursor } : {}) });
      paged.push(...(page.items as EntryView[]).map(({ id }) => id));
      cursor = page.nextCursor as string | undefined;
      if (!cursor) break;
      await consult(world, 'dtv', journey.caseId, { 'purpose-of-use': 'P02', 'user-reference': 'dtv-1' });
    }
    expect(paged.length).toBeGreaterThan(6);
    // The question that found the whole is about the case as well.
    expect(paged.slice(1)).toEqual(whole.map(({ id }) => id));
  });

  it.each([
    ['a cursor of another question', (cursor: string) => ({ decision: 'permit', limit: 1, cursor })],
    [
      'a cursor that was changed',
      (cursor: string) => ({ limit: 1, cursor: `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'E' : 'A'}` }),
    ],
    ['a day that does not exist', () => ({ from: '2026-02-30T00:00:00Z' })],
    ['a number that is none', () => ({ subject: 'V123123' })],
    ['an unknown property', () => ({ name: 'Ingezien' })],
  ])('refuses %s, with a record that repeats no value', async (_what, bodyOf) => {
    const cursor = (await search('fg-gro', { limit: 1 })).body.nextCursor as string;
    const { answer, records } = await recordsDuring(world, () => search('fg-gro', bodyOf(cursor)));
    expect([answer.status, answer.body.code]).toEqual([400, 'SCHEMA_INVALID']);
    expect(records).toMatchObject([{ kind: 'REFUSAL', action: 'log.search', decision: { code: 'SCHEMA_INVALID' } }]);
    expect(JSON.stringify(records)).not.toMatch(/Ingezien|V123123|2026-02-30/);
  });

  it('refuses the cursor of another officer', async () => {
    const cursor = (await search('fg-gro', { limit: 1 })).body.nextCursor as string;
    expect((await search('fg-ind', { limit: 1, cursor })).status).toBe(400);
  });

  it('of everything of a longer time than 31 days is too broad', async () => {
    const long = { from: '2026-01-01T00:00:00Z', to: '2026-03-01T00:00:00Z' };
    const { answer, records } = await recordsDuring(world, () => search('fg-gro', long));
    expect([answer.status, answer.body.code]).toEqual([400, 'SEARCH_TOO_BROAD']);
    expect(records).toMatchObject([{ kind: 'REFUSAL', decision: { code: 'SEARCH_TOO_BROAD' } }]);
    expect((await search('fg-gro', { ...long, caseId: journey.caseId })).status).toBe(200);
  });

  it('is a record itself: who looked for whom, found by the person, and committed before the answer', async () => {
    const { answer, records } = await recordsDuring(world, () => search('fg-gro', { subject: other.vNumber }));
    expect(records).toMatchObject([
      {
        id: answer.headers['access-record'],
        kind: 'CONSULTATION',
        action: 'log.search',
        purpose: 'P13',
        peer: { oin: peer('gro').oin, thumbprint: world.pki.thumbprint('fg-gro'), officer: 'FG' },
        decision: { outcome: 'permit', role: 'FG', reasons: ['by:subject', 'found:0'] },
      },
    ]);
    expect(JSON.stringify(records)).not.toContain(other.vNumber);
    expect(await found('fg-gro', { subject: other.vNumber })).toMatchObject([{ id: records[0]?.id }]);
    expect((await found('fg-ams', { subject: other.vNumber })).map(({ action }) => action)).not.toContain('log.search');
  });
});

describe('an entry', () => {
  it('is recorded when it is read, about the same person, case and municipality', async () => {
    const [refusal] = await found('fg-utr', { subject: person.vNumber, kind: 'REFUSAL' });
    const [read] = await found('fg-ind', { caseId: journey.caseId, action: 'content.read' });
    const { records } = await recordsDuring(world, () => officers.read('fg-ind', read?.id ?? ''));
    expect(records).toMatchObject([
      { action: 'log.read', caseId: journey.caseId, details: { entry: read?.id }, municipality: peer('gro').oin },
    ]);
    const seen = await found('fg-gro', { subject: person.vNumber, action: 'log.read' });
    expect(seen.map(({ id }) => id)).toContain(records[0]?.id);
    expect(refusal?.id).not.toBe(read?.id);
  });

  it('gives the officer of an organisation that it concerns the bytes to which the log is bound', async () => {
    const [read] = await found('fg-gro', { caseId: journey.caseId, action: 'content.read' });
    const { evidence, record } = (await officers.read('fg-gro', read?.id ?? '')).body as {
      evidence: { canonical: string; salt: string };
      record: object;
    };
    const canonical = Buffer.from(evidence.canonical, 'base64');
    expect(JSON.parse(canonical.toString('utf8'))).toEqual(record);
    const commitment = createHash('sha256').update(Buffer.from(evidence.salt, 'base64')).update(canonical).digest();
    const [leaf] = await world.rows<{ entry: Buffer }>(
      `SELECT entry FROM pending_leaf WHERE record_id = $1 UNION ALL SELECT entry FROM leaf WHERE record_id = $1`,
      [read?.id],
    );
    expect(leaf?.entry.subarray(4)).toEqual(commitment);
  });

  it('of others looks like one that does not exist: the same bytes, in the same band, and recorded', async () => {
    const [foreign] = await found('fg-ind', { caseId: journey.caseId, action: 'case.read' });
    const ids = [foreign?.id ?? '', randomUUID(), 'V0000123456', 'ffffffff-ffff-7fff-bfff-ffffffffffff'];
    const { answer, records } = await recordsDuring(world, () =>
      Promise.all(ids.map((id) => overTheWire(world, 'fg-rot', { path: `/v1/access-log-entries/${id}` }))),
    );
    expect(new Set(answer.map(({ bytes }) => withoutDate(bytes))).size).toBe(1);
    expect(answer[0]?.bytes).toMatch(/^HTTP\/1\.1 404 [^]*ENTRY_NOT_AVAILABLE/);
    expect(Math.min(...answer.map(({ elapsedMs }) => elapsedMs))).toBeGreaterThanOrEqual(BAND_MS - 1);
    expect(records.map(({ decision }) => decision.reasons[0]).sort()).toEqual([
      'no such record',
      'no such record',
      'not in sight',
      'the id is malformed',
    ]);
    expect(JSON.stringify(records)).not.toContain('V0000123456');
  });
});
