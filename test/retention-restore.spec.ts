import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { CaseSteps, type OpenCase } from './support/case-steps.js';
import { fullPart } from './support/journey.js';
import { decision, event, stayStarted, today, type Event } from './support/messages.js';
import { runAs } from './support/own-database.js';
import type { Accepted } from './support/peer-client.js';
import {
  monthsAgo,
  oldRecord,
  reportAndGrant,
  retention,
  retentionRun,
  sequenced,
  written,
} from './support/retention.js';
import { World } from './support/world.js';

// Each command and each start of a gateway is a process of its own.
jest.setTimeout(120_000);
const run = promisify(execFile);
const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

let world: World;
let steps: CaseSteps;
let running: OpenCase;
let refused: OpenCase;
let part: Accepted;
let refusal: Accepted;
let refusalEvent: Event;
let journal: string;
const expired = Array.from({ length: 3 }, () => oldRecord(monthsAgo(66)));

beforeAll(async () => {
  world = await World.open();
  journal = join(world.folder, 'erasures.jsonl');
  await world.startGateway({ ERASURE_JOURNAL_FILE: journal });
  steps = new CaseSteps(world);
  running = await steps.admitted('rot');
  part = await steps.accepted('ind', fullPart('ind', running.caseId, running.person));
  refused = await steps.answered('rot');
  refusalEvent = decision('rot', refused.caseId, { outcome: 'REFUSED', ground_class: 'LOCAL' });
  refusal = await steps.accepted('rot', refusalEvent);
  await written(world, expired);
  for (const name of ['ind', 'coa', 'rot']) await takeAll(name);
  // DT&V takes nothing: what it was told stays outstanding.
  await steps.accepted('rot', stayStarted('rot', running.caseId));
  await sequenced(world);
});
afterAll(async () => {
  steps?.close();
  await world?.close();
});

async function takeAll(name: string): Promise<void> {
  for (const { messageId } of await steps.as(name).inbox()) await steps.as(name).acknowledge(messageId, 'taken');
}

/** A message that reached `name`, with what its reader must say it is for. */
async function reached(name: string, contract: string, caseId: string): Promise<{ id: string; purpose: string }> {
  const [row] = await world.rows<{ id: string; purpose: string }>(
    `SELECT m.id, d.purpose FROM message m JOIN delivery d ON d.message_id = m.id JOIN peer p ON p.oin = d.recipient_oin
     WHERE m.contract = $1 AND m.case_id = $2 AND p.kind = $3 ORDER BY m.id LIMIT 1`,
    [contract, caseId, name],
  );
  if (!row) throw new Error(`no ${contract} reached ${name}`);
  return row;
}

const contents = async (): Promise<string[]> =>
  (await world.rows<{ id: string }>('SELECT message_id AS id FROM content ORDER BY 1')).map(({ id }) => id);

/** A copy of the database as it is now: what a base backup would give back. Nobody may be connected meanwhile. */
async function copy(from: string, to: string): Promise<void> {
  const admin = new URL(world.superUrl);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [from]);
  await client.query(`CREATE DATABASE ${to} TEMPLATE ${from}`);
  await client.end();
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);
const at = (url: string, database: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).href;

describe('content past its term', () => {
  let before: string[];
  let backup: string;

  it('goes thirty days after everyone has taken it; what someone has not, and dossier parts, stay', async () => {
    await world.gateways.shift()?.process.stop();
    backup = `${nameOf(world.databaseUrl)}_backup`;
    await copy(nameOf(world.databaseUrl), backup);
    await world.startGateway({ ERASURE_JOURNAL_FILE: journal });
    before = await contents();
    const early = await retentionRun(world, ['--now', inDays(29)], { ERASURE_JOURNAL_FILE: journal });
    expect(early.map(({ what, count }) => [what, count])).toEqual([['RECORDS', expired.length]]);
    const [batch, ...others] = await retentionRun(world, ['--now', inDays(31)], { ERASURE_JOURNAL_FILE: journal });
    expect([batch?.what, others]).toEqual(['NOTIFICATIONS', []]);
    const after = await contents();
    expect(before.length - after.length).toBe(batch?.count);
    const toDtv = await reached('DTV', 'M05', running.caseId);
    expect(after).toEqual(expect.arrayContaining([part.messageId, toDtv.id]));
    expect((await steps.as('dtv').content(toDtv.id, toDtv.purpose)).status).toBe(200);
    expect((await steps.as('rot').content(part.messageId, 'P03')).status).toBe(200);
  });

  it('is answered with 410, and stays in the inbox as a tombstone with its number', async () => {
    const gone = await reached('MUNICIPALITY', 'M03', running.caseId);
    const answer = await steps.as('rot').content(gone.id, gone.purpose);
    expect([answer.status, answer.body.code]).toEqual([410, 'WITHDRAWN']);
    const inbox = await steps.as('rot').inbox();
    expect(inbox.map(({ sequence }) => sequence)).toEqual(inbox.map((_, index) => index + 1));
    const tombstone = inbox.find(({ messageId }) => messageId === gone.id);
    expect(tombstone).toMatchObject({ state: 'PURGED' });
    expect(tombstone).not.toHaveProperty('contract');
    const status = await steps.as('ind').call('GET', `/v1/messages/${gone.id}`);
    expect(status.body.recipients).toMatchObject([{ state: 'PURGED', takenAt: expect.anything() }]);
  });

  it('goes with a refused case after six months: contents, identity, key and person, and nothing of others', async () => {
    for (const { caseId } of [refused, running]) await reportAndGrant(world, caseId);
    const erased = await retentionRun(world, ['--now', inDays(190)], { ERASURE_JOURNAL_FILE: journal });
    expect(erased.map(({ what, count }) => [what, count])).toContainEqual(['CASES', 1]);
    const [closed] = await world.rows(
      'SELECT state, number, identity, wrapped_case_key, person_id, snapshot FROM lvv_case WHERE id = $1',
      [refused.caseId],
    );
    const snapshot = { id: refused.caseId, pilot: 'ROT', state: 'CLOSED' };
    const nothing = { number: null, identity: null, wrapped_case_key: null, person_id: null };
    expect(closed).toEqual({ state: 'CLOSED', ...nothing, snapshot });
    // Of the running case one of each is left.
    for (const rows of ['report', 'report_part', 'report_step', 'report_withheld'])
      expect(await world.rows(`SELECT 1 FROM data_subject_${rows}`)).toHaveLength(1);
    expect(await world.rows('SELECT case_id AS "caseId" FROM access_grant')).toEqual([{ caseId: running.caseId }]);
    expect(await world.rows('SELECT 1 FROM content WHERE case_id = $1', [refused.caseId])).toEqual([]);
    expect(await world.rows('SELECT 1 FROM person')).toHaveLength(1);
    expect(await world.rows('SELECT transition FROM case_event WHERE case_id = $1 ORDER BY n DESC LIMIT 1', [refused.caseId])).toEqual([{ transition: 'T48' }]); // prettier-ignore
    expect((await steps.as('rot').view(running.caseId, 'P03')).status).toBe(200);
  });

  it('leaves a case that nobody reaches any more, and a message that still has one effect', async () => {
    const unreached = await steps.as('rot').view(refused.caseId, 'P01');
    expect([unreached.status, unreached.body.code]).toEqual([404, 'CASE_NOT_AVAILABLE']);
    const late = await steps.as('rot').submit(stayStarted('rot', refused.caseId));
    expect([late.status, late.body.code]).toEqual([404, 'CASE_NOT_AVAILABLE']);
    const again = await steps.as('rot').submit(refusalEvent);
    expect([again.status, again.body.messageId]).toEqual([202, refusal.messageId]);
    const told = await reached('NGO', 'M04', refused.caseId).catch(() => reached('IND', 'M02', refused.caseId));
    const answer = await steps.as('ind').content(told.id, told.purpose);
    expect([answer.status, answer.body.code]).toEqual([410, 'WITHDRAWN']);
  });

  describe('is back after a restore from an older backup, and', () => {
    const restored = () => ({
      DATABASE_URL: at(world.databaseUrl, backup),
      RETENTION_DATABASE_URL: at(world.retentionUrl, backup),
      ERASURE_JOURNAL_FILE: journal,
    });
    const here = async (sql: string): Promise<number> => {
      const client = new pg.Client({
        connectionString: at(world.ownerUrl, backup),
        options: '-c search_path=ketenpoort',
      });
      await client.connect();
      const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`);
      await client.end();
      return rows[0]?.n ?? 0;
    };
    const old = `access_record WHERE at < now() - interval '65 months'`;

    it('the gateway refuses to start on it, as the doctor says beforehand', async () => {
      await copy(backup, `${backup}_2`);
      expect([await here(old), await here(`lvv_case WHERE state = 'REFUSED'`)]).toEqual([expired.length, 1]);
      const cause = /The database lacks 3 erasures that the journal names[^]*npm run retention -- replay/;
      await expect(world.startGateway(restored())).rejects.toThrow(cause);
      const env = { ...world.environment({ agency: 1, public: 1, management: 1 }), ...restored() };
      const doctor = await run(process.execPath, ['dist/tools/doctor/main.js'], { env }).catch(
        (error: unknown) => error,
      );
      expect((doctor as { stdout: string }).stdout).toMatch(/fail {3}erasures\n *cause: The database lacks 3 erasures/);
    });

    it('goes again by a replay of the journal, once; then the gateway starts', async () => {
      const { code, stdout } = await retention(world, ['replay'], restored());
      expect([code, stdout]).toEqual([0, expect.stringContaining('3 of 3 erasures done again.')]);
      expect([await here(old), await here(`lvv_case WHERE state = 'REFUSED'`), await here('person')]).toEqual([
        0, 0, 1,
      ]);
      const left = await contents();
      expect(await here('content')).toBe(left.length);
      const again = await retention(world, ['replay'], restored());
      expect(again.stdout).toContain('0 of 6 erasures done again.');
      const gateway = await world.startGateway(restored());
      await gateway.process.stop();
      world.gateways.pop();
    });

    it('goes again by a replay from another copy of the database', async () => {
      const target = { ...restored(), RETENTION_DATABASE_URL: at(world.retentionUrl, `${backup}_2`) };
      const { code, stdout } = await retention(world, ['replay', '--from-database', world.ownerUrl], target);
      expect([code, stdout]).toEqual([0, expect.stringContaining('3 of 3 erasures done again.')]);
      const check = await retention(world, ['check'], target);
      expect([check.code, check.stdout]).toEqual([0, '3 erasures stand\n']);
    });
  });

  it('of the police goes five years after it came, though its case goes on and nobody has taken it', async () => {
    const { caseId, person } = running;
    const ask = {
      v_number: person.vNumber,
      case_id: caseId,
      parts: ['AVIM'],
      requested_on: today(),
      reason: 'REFRESH',
    };
    await steps.accepted('rot', event('rot', 'dossier-request', ask, { caseid: caseId }));
    const data = { part_id: randomUUID(), as_of: new Date().toISOString(), identity_verified: true, regime: 'AVG' };
    const supplement = event('avim', 'avim-supplement', data, { caseid: caseId });
    const { messageId } = await steps.accepted('avim', supplement);
    await sequenced(world);
    const left = async (monthsAhead: number): Promise<string[]> => {
      await retentionRun(world, ['--now', monthsAgo(-monthsAhead).toISOString()]);
      const here = await contents();
      return [messageId, part.messageId].filter((id) => here.includes(id));
    };
    expect(await left(59)).toEqual([messageId, part.messageId]);
    expect(await left(61)).toEqual([part.messageId]);
    const rows = await world.rows('SELECT DISTINCT state FROM delivery WHERE message_id = $1', [messageId]);
    expect(rows).toEqual([{ state: 'PURGED' }]);
  });

  it('is kept while a request of the resident is open', async () => {
    await runAs(world.superUrl, `UPDATE ketenpoort.message SET contract = 'M37' WHERE id = '${part.messageId}'`);
    await runAs(
      world.superUrl,
      `UPDATE ketenpoort.delivery SET state = 'TAKEN', taken_at = now() WHERE state <> 'PURGED'`,
    );
    expect(await retentionRun(world, ['--now', inDays(80)])).toEqual([]);
    expect((await retentionRun(world, ['--now', inDays(100)])).map(({ what }) => what)).toEqual(['NOTIFICATIONS']);
  });
});
