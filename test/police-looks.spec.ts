import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OFFICERS } from '../tools/demo/roster.js';
import { accepted, recordsDuring, type LoggedRecord } from './support/calls.js';
import { playMainJob } from './support/journey.js';
import { event, today, vNumber } from './support/messages.js';
import { Officers, type EntryView } from './support/officers.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

const LIMIT_MS = 60_000;
const SOON_MS = 20_000;
const GRANTS = '/v1/access-grants';

let world: World;
let officers: Officers;
let caseId: string;
/** The records of what the officer of the police did. */
let done: readonly LoggedRecord[];
const person = { vNumber: vNumber(), familyName: 'Politiedeel' };
const oinOf = (officer: string): string => peer(officer.slice(3)).oin;

beforeAll(async () => {
  world = await World.open();
  const basis = `INSERT INTO route_basis (contract, receiver_kind, basis, valid_from) VALUES ('M07', 'AVIM', 'proef', $1)`;
  await world.rows(basis, [today()]);
  await world.startGateway();
  officers = new Officers(world);
  caseId = (await playMainJob(world, { municipality: 'ams', pilot: 'AMS', person })).caseId;
  await askPolice(caseId, person.vNumber);
  done = (await recordsDuring(world, () => policeWorks(caseId, person.vNumber))).records;
}, LIMIT_MS);
afterAll(() => world.close());

/** A national view of COA, asked for and agreed to by everyone. */
async function runningView(): Promise<void> {
  const body = { validUntil: new Date(Date.now() + 86_400_000).toISOString(), ground: 'DATA_SUBJECT_REQUEST' };
  const { id } = (await officers.post('fg-coa', GRANTS, body)).body as { id: string };
  const others = OFFICERS.map(({ name }) => name).filter((name) => name !== 'fg-coa');
  for (const name of others) await officers.post(name, `${GRANTS}/${id}/consents`);
}

describe('what the officer of the police does about a confidential record, or about its part of a report', () => {
  it('is recorded, each look and each act, and found by that officer', async () => {
    expect(done.map(({ action, decision }) => `${action} ${decision.outcome}`)).toEqual([
      'log.read permit',
      'log.proof permit',
      'log.read permit',
      'data-subject-report.create permit',
      'data-subject-report.read-part permit',
      'data-subject-report.list permit',
      'data-subject-report.extend refuse',
      'data-subject-report.create refuse',
      'log.search permit',
      'log.search permit',
      'log.search permit',
      'processing.search permit',
    ]);
    const found = await officers.all('fg-avim', { peer: oinOf('fg-avim') });
    expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(done.map(({ id }) => id)));
  });

  it('is found by no officer of another organisation, nor named to it as a municipality', async () => {
    for (const body of [{ caseId }, { subject: person.vNumber }, { peer: oinOf('fg-avim') }])
      expect(hit(await officers.all('fg-ams', body))).toEqual([]);
    for (const { id } of done) expect((await officers.read('fg-ams', id)).status).toBe(404);
    expect(done.map(({ municipality }) => municipality).filter((one) => one !== undefined)).toEqual([]);
  });

  it('is not shown by a running national view either', async () => {
    await runningView();
    for (const body of [{ caseId }, { subject: person.vNumber }, { peer: oinOf('fg-avim') }])
      expect(hit(await officers.all('fg-coa', { ...body, scope: 'national' }))).toEqual([]);
    for (const { id } of done) expect((await officers.read('fg-coa', id)).status).toBe(404);
  });

  const hit = (entries: readonly EntryView[]): readonly EntryView[] =>
    entries.filter(({ id }) => done.some((one) => one.id === id));
});

/** The municipality asks the police, which supplements the dossier. */
async function askPolice(caseid: string, v: string): Promise<void> {
  const ask = { v_number: v, case_id: caseid, parts: ['AVIM'], requested_on: today(), reason: 'REFRESH' };
  await accepted(world, 'ams', event('ams', 'dossier-request', ask, { caseid }));
  const part = { part_id: '7b2c4f5e-0000-4000-8000-000000000203', as_of: new Date().toISOString(), identity_verified: true, regime: 'AVG' }; // prettier-ignore
  await accepted(world, 'avim', event('avim', 'avim-supplement', part, { caseid }));
  const controllers = [oinOf('fg-ams'), oinOf('fg-avim')];
  const right = { right: 'ACCESS', received_on: today(), identity_checked: true, controllers };
  await accepted(world, 'ams', event('ams', 'data-subject-request', right, { caseid }));
}

/** Its officer reads the record of that supplement, has it proved, reads the record of the look, and answers the request. */
async function policeWorks(caseId: string, v: string): Promise<void> {
  const recordOf = async (contract: string): Promise<{ id: string; messageId: string }> => {
    const [row] = await world.rows<{ id: string; messageId: string }>(
      `SELECT r.id, m.id AS "messageId" FROM message m JOIN access_record r ON r.message_id = m.id
       WHERE m.contract = $1 AND m.case_id = $2 AND r.action = 'message.accept'`,
      [contract, caseId],
    );
    if (!row) throw new Error(`no record of ${contract}`);
    return row;
  };
  const { id } = await recordOf('M10');
  const look = await officers.read('fg-avim', id);
  await until('the record is in the log', SOON_MS, async () => {
    const rows = await world.rows('SELECT 1 FROM leaf WHERE record_id = $1', [id]);
    return rows.length > 0;
  });
  await world.as('fg-avim').get(`/v1/access-log-entries/${id}/inclusion-proof`);
  await officers.read('fg-avim', look.headers['access-record'] ?? '');
  const request = await recordOf('M37');
  const body = { requestMessageId: request.messageId, vNumber: v };
  const { id: report } = (await officers.post('fg-avim', '/v1/data-subject-reports', body)).body as { id: string };
  const part = `/v1/data-subject-reports/${report}/parts/${oinOf('fg-avim')}`;
  await world.as('fg-avim').get(part);
  await world.as('fg-avim').get('/v1/data-subject-reports');
  await officers.post('fg-avim', `${part}/extension`, { ground: 'COMPLEX' });
  await officers.post('fg-avim', '/v1/data-subject-reports', { ...body, requestMessageId: randomUUID() });
  // Whether it finds something of a confidential activity, anything at all, or nothing.
  for (const question of [{ caseId }, { subject: v, decision: 'refuse' }, { subject: vNumber() }])
    await officers.post('fg-avim', '/v1/access-log-entries/_search', question);
  await officers.post('fg-avim', '/v1/processing-activities', { 'dpl.core.data_subject_id': v });
}
