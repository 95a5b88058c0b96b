import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { allRecords, consult, contentOf, inboxOf, recordsDuring, type LoggedRecord } from './support/calls.js';
import { playMainJob, type Journey } from './support/journey.js';
import { vNumber } from './support/messages.js';
import { peer, World } from './support/world.js';

const PROBLEM = { 'content-type': 'application/problem+json' };

let world: World;
let journey: Journey;
const person = { vNumber: vNumber(), familyName: 'Doelgebonden' };

beforeAll(async () => {
  world = await World.open();
  await world.startGateway({ LOG_LEVEL: 'trace' });
  journey = await playMainJob(world, { municipality: 'gro', pilot: 'GRO', person, ngo: 'ngo-1' });
}, 60_000);
afterAll(() => world.close());

/** Refused with this code, as a problem document that says what to do, and with exactly one record of its own. */
async function refused(
  expected: { status: number; code: string; record: Partial<LoggedRecord> },
  act: () => Promise<Response>,
): Promise<void> {
  const { answer, records } = await recordsDuring(world, act);
  const { status, code, record } = expected;
  expect(answer.headers['content-type']).toContain(PROBLEM['content-type']);
  expect(answer.body).toMatchObject({ status, code, title: expect.any(String), nextStep: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(answer.body.type).toMatch(/^https:\/\//);
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ kind: 'REFUSAL', decision: { outcome: 'refuse', code }, ...record });
  expect(records[0]?.fieldGroups).toEqual({ released: [], withheld: [] });
}

describe('the content of a message', () => {
  const notification = async (): Promise<string> =>
    (await inboxOf(world, 'dtv')).find((item) => item.contract?.includes('dtv-resident'))?.messageId ?? '';

  it.each([
    ['without a purpose', undefined, 'PURPOSE_REQUIRED'],
    ['for a purpose that does not exist', 'P99', 'PURPOSE_NOT_ALLOWED'],
    ['for a purpose in other words', 'supervision', 'PURPOSE_NOT_ALLOWED'],
    ['for two purposes at once', 'P02, P05', 'PURPOSE_NOT_ALLOWED'],
    ['for a purpose that the role has, but not for this message', 'P05', 'PURPOSE_NOT_ALLOWED'],
    ['for a purpose that the role does not have', 'P10', 'PURPOSE_NOT_ALLOWED'],
  ])('is refused %s', async (_what, purpose, code) => {
    const messageId = await notification();
    const record = { action: 'content.read', messageId, caseId: journey.caseId, ...knownPurpose(purpose) };
    await refused({ status: 403, code, record }, () => contentOf(world, 'dtv', messageId, purpose));
  });

  const knownPurpose = (purpose: string | undefined) =>
    /^P(0[1-9]|1[0-4])$/.test(purpose ?? '') ? { purpose: purpose ?? '' } : {};

  it('C31 is given for its own purpose, and the record names purpose, fields and person', async () => {
    const messageId = await notification();
    const { answer, records } = await recordsDuring(world, () => contentOf(world, 'dtv', messageId, 'P02'));
    expect(answer.status).toBe(200);
    expect(records).toMatchObject([
      { id: answer.headers['access-record'], kind: 'DELIVERY', purpose: 'P02', decision: { outcome: 'permit' } },
    ]);
    expect(records[0]?.fieldGroups.released).toEqual(answer.body.released);
    expect(records[0]?.subjects).toHaveLength(1);
  });

  it('is given for the purpose that follows: a dossier part for the scenario, with the fields of that purpose', async () => {
    const part = journey.posted.M08 ?? '';
    const assembling = await contentOf(world, 'gro', part, 'P03');
    const scenario = await recordsDuring(world, () => contentOf(world, 'gro', part, 'P04'));
    expect(assembling.body.event.data.entry_ban).toEqual({ exists: true });
    expect(scenario.answer.status).toBe(200);
    expect(scenario.answer.body.event.data).not.toHaveProperty('entry_ban');
    expect(scenario.answer.body.withheld).toEqual(expect.arrayContaining(['FG09', 'FG10']));
    expect(scenario.records).toMatchObject([{ kind: 'DELIVERY', purpose: 'P04', messageId: part }]);
    expect(scenario.records[0]?.decision.reasons).toContain('P04 follows from P03');
  });

  it('C31 is not given for the purpose that came before', async () => {
    const [restPeriod] = (await inboxOf(world, 'gro')).filter((item) => item.contract?.includes('rest-period'));
    const messageId = restPeriod?.messageId ?? '';
    const code = 'PURPOSE_NOT_ALLOWED';
    await refused({ status: 403, code, record: { messageId, purpose: 'P03' } }, () =>
      contentOf(world, 'gro', messageId, 'P03'),
    );
  });

  it('stays readable for the purpose that has ended since', async () => {
    const check = (await inboxOf(world, 'gro')).find((item) => item.contract?.includes('admission-check'));
    expect((await contentOf(world, 'gro', check?.messageId ?? '', 'P01')).status).toBe(200);
  });
});

describe('a case, its dossier and its timeline', () => {
  const views = ['', '/dossier', '/timeline'];
  const someone = { 'user-reference': 'medewerker-7' };

  it.each(views)('C31 is refused for an ended purpose, and for one that the role does not have: %s', async (view) => {
    const action = `${view.slice(1) || 'case'}.read`;
    const record = { action, caseId: journey.caseId, userReference: 'medewerker-7' };
    const read = (name: string, purpose?: string) => () =>
      consult(world, name, `${journey.caseId}${view}`, {
        ...someone,
        ...(purpose === undefined ? {} : { 'purpose-of-use': purpose }),
      });
    const ended = { status: 403, code: 'PURPOSE_ENDED', record: { ...record, purpose: 'P01' as const } };
    await refused(ended, read('gro', 'P01'));
    await refused({ status: 403, code: 'PURPOSE_REQUIRED', record }, read('gro'));
    await refused({ status: 403, code: 'PURPOSE_NOT_ALLOWED', record }, read('gro', 'P77'));
    await refused(
      { status: 403, code: 'PURPOSE_NOT_ALLOWED', record: { ...record, purpose: 'P02' } },
      read('ngo-1', 'P02'),
    );
  });

  it('is refused without a user reference, and with a whole name for one', async () => {
    for (const view of views) {
      const action = `${view.slice(1) || 'case'}.read`;
      const path = `${journey.caseId}${view}`;
      const record = { action, caseId: journey.caseId };
      const without = { status: 400, code: 'USER_REFERENCE_REQUIRED', record };
      await refused(without, () => consult(world, 'gro', path, { 'purpose-of-use': 'P04' }));
      const headers = { 'purpose-of-use': 'P04', 'user-reference': 'Jan Doelgebonden' };
      await refused({ status: 400, code: 'INVALID_PARAMETER', record }, () => consult(world, 'gro', path, headers));
    }
    expect(JSON.stringify(await allRecords(world))).not.toContain('Doelgebonden');
  });

  it('is shown for an open purpose, with who looked in the record', async () => {
    for (const view of views) {
      const { answer, records } = await recordsDuring(world, () =>
        consult(world, 'gro', `${journey.caseId}${view}`, { ...someone, 'purpose-of-use': 'P04' }),
      );
      expect([view, answer.status]).toEqual([view, 200]);
      expect(records).toMatchObject([{ kind: 'CONSULTATION', purpose: 'P04', userReference: 'medewerker-7' }]);
      expect(records[0]?.fieldGroups.released).toEqual(answer.body.released);
      expect(records[0]?.subjects).toHaveLength(1);
    }
  });
});

describe('search', () => {
  const someone = { 'purpose-of-use': 'P04', 'user-reference': 'medewerker-7' };

  async function search(name: string, by: object, headers: Record<string, string> = someone): Promise<Response> {
    return await world.as(name).post('/v1/cases/_search').set(headers).send(by);
  }

  const caseNumber = async (): Promise<string> => {
    const [row] = await world.rows<{ number: string }>('SELECT number FROM lvv_case WHERE id = $1', [journey.caseId]);
    return row?.number ?? '';
  };

  it.each(['gro', 'ind', 'dtv'])('finds for %s its own case, by V-number and by case number', async (name) => {
    for (const by of [{ vNumber: person.vNumber }, { caseNumber: await caseNumber() }]) {
      const { answer, records } = await recordsDuring(world, () => search(name, by));
      expect(answer.body).toEqual({ items: [{ caseId: journey.caseId, pilot: 'GRO', state: 'REST_PERIOD' }] });
      expect(records).toMatchObject([
        { kind: 'CONSULTATION', action: 'cases.search', decision: { reasons: ['found:1'] } },
      ]);
    }
  });

  it('gives another municipality the same empty list as for a number that nobody has', async () => {
    for (const by of [{ vNumber: person.vNumber }, { caseNumber: await caseNumber() }]) {
      const own = await recordsDuring(world, () => search('ams', by));
      const unknown = 'vNumber' in by ? { vNumber: vNumber() } : { caseNumber: 'LVV-GRO-2026-999999' };
      const other = await search('ams', unknown);
      expect([own.answer.status, own.answer.text]).toEqual([200, other.text]);
      expect(own.answer.body).toEqual({ items: [] });
      expect(own.records).toMatchObject([{ kind: 'CONSULTATION', decision: { reasons: ['found:0'] } }]);
    }
  });

  it.each(['ngo-1', 'avim', 'coa'])('is never for %s', async (name) => {
    const record = { action: 'cases.search', peer: { oin: peer(name).oin } };
    await refused({ status: 403, code: 'SEARCH_NOT_ALLOWED', record }, () => search(name, { vNumber: person.vNumber }));
  });

  it.each([
    ['without a purpose', { 'user-reference': 'm-7' }, 403, 'PURPOSE_REQUIRED'],
    ['for a purpose that the role does not have', { ...someone, 'purpose-of-use': 'P14' }, 403, 'PURPOSE_NOT_ALLOWED'],
    ['without a person', { 'purpose-of-use': 'P04' }, 400, 'USER_REFERENCE_REQUIRED'],
    ['for an unknown purpose', { ...someone, 'purpose-of-use': 'ALL' }, 403, 'PURPOSE_NOT_ALLOWED'],
  ])('is refused %s', async (_what, headers, status, code) => {
    const record = { action: 'cases.search' };
    await refused({ status, code, record }, () => search('ind', { vNumber: person.vNumber }, headers));
  });

  it('is refused in any other form, and the record does not repeat what was asked', async () => {
    const record = { action: 'cases.search' };
    const wrong = [{ vNumber: `${person.vNumber}7` }, { name: person.familyName }, {}, { ...person, caseNumber: 'x' }];
    for (const by of wrong) {
      await refused({ status: 400, code: 'SCHEMA_INVALID', record }, () => search('gro', by));
    }
  });

  it('leaves the number nowhere: not in a record, not in the log', async () => {
    expect(JSON.stringify(await allRecords(world))).not.toContain(person.vNumber);
    expect(world.logs()).not.toContain(person.vNumber);
  });
});
