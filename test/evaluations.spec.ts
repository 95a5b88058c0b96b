import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Explanation } from '../apps/gateway/src/policy/explain.js';
import { accepted, consult, recordsDuring } from './support/calls.js';
import { playMainJob } from './support/journey.js';
import { application, vNumber } from './support/messages.js';
import { tableDigests } from './support/table-digests.js';
import { bodyOf, overTheWire, withoutDate } from './support/wire.js';
import { peer, World } from './support/world.js';

const BAND_MS = 60;
const CLOSE_MS = 12;
const json = { 'content-type': 'application/json' };
let world: World;
let groningen: string;
let amsterdam: string;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  const person = { vNumber: vNumber(), familyName: 'Gevraagd' };
  groningen = (await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' })).caseId;
  const other = { vNumber: vNumber(), familyName: 'Ongevraagd' };
  amsterdam = (await accepted(world, 'ams', application('ams', 'AMS', other))).caseId;
}, 90_000);
afterAll(() => world.close());

type Answer = Explanation & { readonly basis: string; readonly accessRecord: { readonly id: string } };

async function evaluated(name: string, body: object, reference = 'medewerker-1') {
  const { answer, records } = await recordsDuring(world, () =>
    world.as(name).post('/v1/policy-evaluations').set('user-reference', reference).send(body),
  );
  return { status: answer.status, answer: answer.body as Answer & { code?: string }, headers: answer.headers, records };
}

describe('a dry run', () => {
  it('says by which line of the policy a message may be read, and what of it, in words', async () => {
    const { status, answer, headers, records } = await evaluated('gro', { purpose: 'P04', contract: 'nl.lvv.ind-dossier-part.v1' });
    expect([status, answer.permit, answer.role, answer.basis]).toEqual([200, true, 'MC', 'POLICY']);
    expect(answer.rule).toMatchObject({ file: '2026.1/release-table.csv', text: expect.stringMatching(/^P04;MC;FG01=F/) });
    expect(answer.released).toContainEqual({ group: 'FG12', nl: expect.any(String), level: 'F', words: 'volledig' });
    expect(answer.withheld.map(({ group }) => group)).toContain('FG09');
    expect(headers['access-record']).toBe(answer.accessRecord.id);
    expect(records).toMatchObject([
      {
        id: answer.accessRecord.id,
        kind: 'EVALUATION',
        action: 'policy.evaluate',
        userReference: 'medewerker-1',
        contract: { id: 'M08' },
        subjects: [],
        decision: { outcome: 'permit', role: 'MC', policyVersion: '2026.1' },
        fieldGroups: { released: [], withheld: [] },
        details: { wouldRelease: answer.released.map(({ group }) => group) },
      },
    ]);
  }); // prettier-ignore

  it('agrees with what really happens in the case of a party: open, ended, and granted', async () => {
    const compare = async (name: string, purpose: string, reference = 'medewerker-1'): Promise<string> => {
      const real = await consult(world, name, groningen, { 'purpose-of-use': purpose, 'user-reference': reference });
      const { answer } = await evaluated(name, { purpose, view: 'case', caseId: groningen }, reference);
      const { code, released, withheld } = real.body as { code?: string; released?: string[]; withheld?: string[] };
      expect([name, purpose, answer.basis, answer.permit, answer.code]).toEqual([name, purpose, 'CASE', real.status === 200, code]);
      if (answer.permit) expect(answer.released.map(({ group }) => group)).toEqual(released);
      if (answer.permit) expect(answer.withheld.map(({ group }) => group)).toEqual(withheld);
      return answer.permit ? 'permit' : (answer.code ?? '');
    }; // prettier-ignore
    expect(await compare('gro', 'P04')).toBe('permit');
    expect(await compare('gro', 'P01')).toBe('PURPOSE_ENDED');
    expect(await compare('ngo-1', 'P05')).toBe('permit');
    expect(await compare('ind', 'P14')).toBe('PURPOSE_NOT_ALLOWED');
    const validUntil = new Date(Date.now() + 86_400_000).toISOString();
    const grant = { kind: 'MRT', member: peer('ind').oin, person: 'mrt-1', validUntil, basis: 'LSO-1' };
    const given = await world.as('gro').post(`/v1/cases/${groningen}/grants`).send(grant);
    expect(await compare('ind', 'P07', 'mrt-1')).toBe('permit');
    const during = await evaluated('ind', { purpose: 'P07', view: 'case', caseId: groningen }, 'mrt-1');
    const { grantId } = given.body as { grantId: string };
    expect(during.records).toMatchObject([{ decision: { role: 'MR', inputs: { grantId } }, subjects: [{}] }]);
    await world.as('gro').post(`/v1/cases/${groningen}/grants/${grantId}/end`).send({ reason: 'ADVICE_GIVEN' });
    expect(await compare('ind', 'P07', 'mrt-1')).toBe('GRANT_ENDED');
  });

  it('changes nothing but the log', async () => {
    const before = await tableDigests(world, { withLog: false });
    await evaluated('dtv', { purpose: 'P02', contract: 'nl.lvv.dtv-resident-notification.v1', caseId: groningen });
    expect(await tableDigests(world, { withLog: false })).toEqual(before);
  });

  it.each([
    ['an unknown purpose', { purpose: 'P99' }, 'SCHEMA_INVALID'],
    ['a message and a view at once', { purpose: 'P04', view: 'case', contract: 'nl.lvv.stay-event.v1' }, 'SCHEMA_INVALID'],
    ['an unknown contract', { purpose: 'P04', contract: 'nl.lvv.nothing.v1' }, 'CONTRACT_UNKNOWN'],
    ['another role', { purpose: 'P04', role: 'FG' }, 'SCHEMA_INVALID'],
  ])('with %s is refused, on the record', async (_what, body, code) => {
    const { status, answer, records } = await evaluated('gro', body);
    expect([status, answer.code]).toEqual([400, code]);
    expect(records).toMatchObject([{ kind: 'REFUSAL', action: 'policy.evaluate', decision: { code } }]);
  }); // prettier-ignore
});

describe('without relation to the case', () => {
  const doors: readonly (readonly [string, (caseId: string, purpose: string) => object])[] = [
    ['/v1/policy-evaluations', (caseId, purpose) => ({ caseId, purpose, view: 'dossier' })],
    [
      '/access/v1/evaluation',
      (id, purpose) => ({
        subject: { type: 'user', id: 'medewerker-1' },
        action: { name: 'read' },
        resource: { type: 'dossier', id },
        context: { purpose },
      }),
    ],
  ];
  const ask = (name: string, path: string, body: object) =>
    overTheWire(world, name, { method: 'POST', path, headers: json, body: JSON.stringify(body) });
  /** The answer without what must differ: the record of this very request. */
  const comparable = (bytes: string): string => {
    const record = /"accessRecord":(\{[^}]*\})/.exec(bytes)?.[1] ?? '{}';
    const { id, digest } = JSON.parse(record) as { id: string; digest: string };
    return withoutDate(bytes).replaceAll(id, 'ID').replaceAll(digest, 'DIGEST');
  };

  it.each(doors)('%s answers by the abstract policy alone, in the same bytes whether or not the case exists', async (path, bodyFor) => {
    for (const [name, purpose] of [['ind', 'P01'], ['ind', 'P03'], ['utr', 'P04'], ['coa', 'P05'], ['ngo-2', 'P05']] as const) {
      const { answer, records } = await recordsDuring(world, async () => ({
        there: await ask(name, path, bodyFor(amsterdam, purpose)),
        nowhere: await ask(name, path, bodyFor(randomUUID(), purpose)),
      }));
      expect(comparable(answer.there.bytes)).toBe(comparable(answer.nowhere.bytes));
      expect(JSON.stringify(bodyOf(answer.there.bytes))).toContain('"basis":"POLICY"');
      expect(records.map(({ decision }) => decision.reasons[0])).toEqual(['no party of the case', 'no such case']);
      expect(records.map(({ subjects }) => subjects.length)).toEqual([1, 0]);
    }
  }); // prettier-ignore

  it.each(doors)('%s takes as long whether or not the case exists', async (path, bodyFor) => {
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    const difference = async (): Promise<number> => {
      const there: number[] = [];
      const nowhere: number[] = [];
      for (let round = 0; round < 9; round += 1) {
        there.push((await ask('ind', path, bodyFor(amsterdam, 'P03'))).elapsedMs);
        nowhere.push((await ask('ind', path, bodyFor(randomUUID(), 'P03'))).elapsedMs);
      }
      expect(Math.min(...there, ...nowhere)).toBeGreaterThanOrEqual(BAND_MS - 1);
      return Math.abs(median(there) - median(nowhere));
    };
    const differences: number[] = [];
    while (differences.length < 4 && !differences.some((one) => one < CLOSE_MS)) differences.push(await difference());
    expect(Math.min(...differences)).toBeLessThan(CLOSE_MS);
  });
});

describe('AuthZEN', () => {
  const question = (change: Record<string, unknown> = {}) => ({
    subject: { type: 'user', id: 'medewerker-1' },
    action: { name: 'read', properties: { processing_activity_id: 'https://elders.example/verwerking' } },
    resource: { type: 'dossier', id: groningen },
    context: { time: '2026-11-20T10:15:00Z', purpose: 'P04', traceparent: `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01` },
    ...change,
  }); // prettier-ignore
  const asked = (body: object) => recordsDuring(world, () => world.as('gro').post('/access/v1/evaluation').send(body));

  it('C28 C30 gets the same decision in the words of the standard, and its trace is kept', async () => {
    const { answer, records } = await asked(question());
    expect([answer.status, answer.body]).toMatchObject([200, { decision: true, context: { basis: 'CASE' } }]);
    expect(records).toMatchObject([
      {
        kind: 'EVALUATION',
        action: 'access.evaluate',
        userReference: 'medewerker-1',
        traceId: 'a1'.repeat(16),
        parentSpanId: 'b2'.repeat(8),
        decision: { outcome: 'permit', role: 'MC' },
      },
    ]);
    expect(JSON.stringify(records)).not.toContain('elders.example');
  });

  it.each([
    ['without a purpose', { context: {} }, 'PURPOSE_REQUIRED'],
    ['for an ended purpose', { context: { purpose: 'P01' } }, 'PURPOSE_ENDED'],
    ['for another organisation', { subject: { type: 'organisation', id: peer('ind').oin } }, 'SUBJECT_NOT_CALLER'],
  ])('denies with 200 %s, and records it', async (_what, change, code) => {
    const { answer, records } = await asked(question(change));
    expect([answer.status, answer.body]).toMatchObject([200, { decision: false, context: { code } }]);
    expect(records).toMatchObject([{ kind: 'EVALUATION', decision: { outcome: 'refuse', code } }]);
  });

  it.each([
    ['no subject', { subject: undefined }],
    ['a person as subject', { subject: { type: 'user', id: 'Jan de Vries' } }],
    ['another action', { action: { name: 'delete' } }],
    ['a broken trace', { context: { traceparent: '00-1-2-3' } }],
    ['no moment', { context: { time: 'gisteren' } }],
  ])('refuses a question with %s', async (_what, change) => {
    const { answer, records } = await asked(question(change));
    expect([answer.status, answer.headers['content-type']]).toEqual([400, expect.stringContaining('problem+json')]);
    expect(records).toMatchObject([{ kind: 'REFUSAL', action: 'access.evaluate', decision: { code: 'SCHEMA_INVALID' } }]);
    expect(JSON.stringify(records)).not.toContain('Vries');
  }); // prettier-ignore
});
