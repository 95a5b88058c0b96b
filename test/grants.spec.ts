import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { consult, contentOf, recordsDuring } from './support/calls.js';
import { playMainJob, type Journey } from './support/journey.js';
import { vNumber } from './support/messages.js';
import { peer, World } from './support/world.js';

const DAY_MS = 86_400_000;
let world: World;
let journey: Journey;
const person = { vNumber: vNumber(), familyName: 'Overlegd' };

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
}, 90_000);
afterAll(() => world.close());

const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

function wanted(member: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const grant = { kind: 'MRT', member: peer(member).oin, person: `${member}-specialist` };
  return { ...grant, validUntil: inDays(14), basis: 'LSO-2026-0114', ...more };
}

const post = (from: string, path: string, body: object) => world.as(from).post(`/v1/cases/${path}`).send(body);
const give = (from: string, body: object, caseId = journey.caseId) => post(from, `${caseId}/grants`, body);
const end = (from: string, grantId: string, caseId = journey.caseId) =>
  post(from, `${caseId}/grants/${grantId}/end`, { reason: 'ADVICE_GIVEN' });
const as = (reference: string, purpose = 'P07') => ({ 'purpose-of-use': purpose, 'user-reference': reference });

async function given(body: Record<string, unknown>): Promise<string> {
  const answer = await give('gro', body);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return (answer.body as { grantId: string }).grantId;
}

/** The part that IND wrote, as the municipality received it, read by a person of it. */
const partAs = (reference: string, purpose = 'P07') =>
  world.as('gro').get(`/v1/messages/${journey.posted.M08}/content`).set(as(reference, purpose));

describe('a grant', () => {
  it('is given by the municipality of the case, on the record of both, and opens the case to that person', async () => {
    const { answer, records } = await recordsDuring(world, () => give('gro', wanted('ind')));
    expect(answer.status).toBe(201);
    expect(answer.headers['access-record']).toBe(records[0]?.id);
    const { grantId } = answer.body as { grantId: string };
    expect(records).toMatchObject([
      {
        kind: 'ADMIN',
        action: 'grant.give',
        caseId: journey.caseId,
        purpose: 'P07',
        recipients: [peer('ind').oin],
        municipality: peer('gro').oin,
        details: { grantId, grantKind: 'MRT', basis: 'LSO-2026-0114', userReference: 'ind-specialist' },
        decision: { outcome: 'permit' },
      },
    ]);
    const read = await recordsDuring(world, () => consult(world, 'ind', journey.caseId, as('ind-specialist')));
    expect(read.answer.status).toBe(200);
    expect(read.answer.body).toMatchObject({ data: { caseId: journey.caseId }, withheld: ['FG08'] });
    expect(read.records).toMatchObject([
      { kind: 'CONSULTATION', purpose: 'P07', decision: { role: 'MR', inputs: { grantId } } },
    ]);
  });

  it('opens what the organisation received before, no further than its own column', async () => {
    expect((await contentOf(world, 'gro', journey.posted.M08 ?? '', 'P07')).status).toBe(403);
    const grantId = await given(wanted('gro'));
    const { answer, records } = await recordsDuring(world, () => partAs('gro-specialist'));
    expect(answer.status).toBe(200);
    const { event, released, withheld } = answer.body as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- read as JSON
    expect(event.data).toHaveProperty('residence_status');
    expect(event.data).not.toHaveProperty('v_number');
    expect(event.data).not.toHaveProperty('entry_ban');
    expect(withheld).toEqual(expect.arrayContaining(['FG02', 'FG09', 'FG10']));
    expect(records).toMatchObject([
      {
        kind: 'DELIVERY',
        decision: { role: 'MR', inputs: { grantId, messagePurpose: 'P03' } },
        fieldGroups: { released },
      },
    ]);
    expect((await partAs('gro-colleague')).status).toBe(403);
  });

  it('ends with the advice: from then on the person is refused, and the record names the grant', async () => {
    const grantId = await given(wanted('dtv'));
    expect((await consult(world, 'dtv', journey.caseId, as('dtv-specialist'))).status).toBe(200);
    const ended = await recordsDuring(world, () => end('gro', grantId));
    expect(ended.answer.body).toMatchObject({ grantId, endedAt: expect.stringMatching(/Z$/) });
    expect(ended.records).toMatchObject([{ kind: 'ADMIN', action: 'grant.end', details: { reason: 'ADVICE_GIVEN' } }]);
    const { answer, records } = await recordsDuring(world, () =>
      consult(world, 'dtv', `${journey.caseId}/dossier`, as('dtv-specialist')),
    );
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([403, 'GRANT_ENDED']);
    expect(records).toMatchObject([
      { kind: 'REFUSAL', decision: { code: 'GRANT_ENDED', inputs: { grantId } }, fieldGroups: { released: [] } },
    ]);
    const again = await end('gro', grantId);
    expect([again.status, again.body.endedAt]).toEqual([200, ended.answer.body.endedAt]);
  });

  it('ends by itself at its term', async () => {
    const grantId = await given(wanted('ngo-1'));
    const read = () => consult(world, 'ngo-1', journey.caseId, as('ngo-1-specialist'));
    expect((await read()).status).toBe(200);
    await world.rows(
      `UPDATE access_grant SET valid_from = now() - interval '2 hours', valid_until = now() - interval '1 hour'
       WHERE id = $1`,
      [grantId],
    );
    const refused = await recordsDuring(world, read);
    expect(refused.answer.body).toMatchObject({ status: 403, code: 'GRANT_ENDED' });
    expect(refused.records).toMatchObject([{ decision: { inputs: { grantId } } }]);
  });

  it.each([
    ['of a party that does not lead the LSO', 'ind', {}, 403, 'NOT_ENTITLED_IN_CASE'],
    ['of a stranger', 'utr', {}, 404, 'CASE_NOT_AVAILABLE'],
    ['for COA', 'gro', { member: peer('coa').oin }, 409, 'GRANT_MEMBER_REFUSED'],
    ['for AVIM', 'gro', { member: peer('avim').oin }, 409, 'GRANT_MEMBER_REFUSED'],
    ['for who is no party', 'gro', { member: peer('ngo-2').oin }, 409, 'GRANT_MEMBER_REFUSED'],
    ['for an NGO in the national escalation', 'gro', { kind: 'NATIONAL_ESCALATION', member: peer('ngo-1').oin }, 409, 'GRANT_MEMBER_REFUSED'],
    ['for longer than thirty days', 'gro', { validUntil: inDays(31) }, 409, 'GRANT_TERM_REFUSED'],
    ['that is over already', 'gro', { validUntil: inDays(-1) }, 409, 'GRANT_TERM_REFUSED'],
    ['with words for a basis', 'gro', { basis: 'omdat Jan het vroeg' }, 400, 'SCHEMA_INVALID'],
    ['until no moment', 'gro', { validUntil: '2026-13-01T00:00:00Z' }, 400, 'SCHEMA_INVALID'],
  ])('%s is refused, on the record, and nothing is given', async (_what, from, change, status, code) => {
    const [before] = await world.rows<{ n: string }>('SELECT count(*) AS n FROM access_grant');
    const { answer, records } = await recordsDuring(world, () => give(from, wanted('ind', change)));
    expect(answer.body).toMatchObject({ status, code });
    expect(records).toMatchObject([{ kind: 'REFUSAL', action: 'grant.give', decision: { outcome: 'refuse', code } }]);
    expect(await world.rows('SELECT count(*) AS n FROM access_grant')).toEqual([before]);
  }); // prettier-ignore

  it('of another case, and of none, cannot be ended', async () => {
    const grantId = await given(wanted('ind', { person: 'ind-ander' }));
    const bodies = [
      await end('gro', randomUUID()),
      await end('utr', grantId),
      await end('gro', grantId, randomUUID()),
    ].map((answer) => [answer.status, answer.text]);
    expect(new Set(bodies.map((one) => JSON.stringify(one))).size).toBe(1);
    expect((await end('ind', grantId)).status).toBe(403);
    expect((await consult(world, 'ind', journey.caseId, as('ind-ander'))).body).toMatchObject({ withheld: ['FG08'] });
  });
});
