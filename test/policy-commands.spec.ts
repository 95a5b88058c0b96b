import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { AccessRecordInput } from '../apps/gateway/src/access-log/access-record.js';
import { insertRecords } from '../apps/gateway/src/access-log/insert-records.js';
import { poolOf } from '../apps/gateway/src/storage/pool-of.js';
import { makeTestRecord } from '../apps/gateway/src/access-log/testing/terms.js';
import { openOwnDatabase, type OwnDatabase } from './support/own-database.js';

/** What a lawyer does with a proposed version before it takes effect: check, diff, replay, explain. */
const NEXT = '2099.1';
/** Never to be seen in what a command prints. */
const USER = 'medewerker-4711';
const SUBJECT = 'versleuteld-kenmerk';
const CASE = '01900000-0000-7000-8000-000000000001';

let database: OwnDatabase;
let dir: string;

beforeAll(async () => {
  database = await openOwnDatabase();
  dir = mkdtempSync(join(tmpdir(), 'policies-'));
  cpSync('apps/gateway/policy', dir, { recursive: true });
  cpSync(join(dir, '2026.1'), join(dir, NEXT), { recursive: true });
  edit('version.json', '"version": "2026.1"', `"version": "${NEXT}"`);
  edit('version.json', '2019-04-01', '2099-01-01');
  edit('release-table.csv', 'P03;NG;FG01=m\n', '');
  edit('release-table.csv', 'FG09=m,FG10=m,FG11=F,FG12=F,FG13=F', 'FG09=m,FG10=m,FG12=F,FG13=F');
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await database?.close();
});

function edit(file: string, from: string, to: string): void {
  const path = join(dir, NEXT, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
function policy(...args: readonly string[]): Promise<Outcome> {
  const env = { PATH: process.env.PATH ?? '', POLICY_DIR: dir, DATABASE_URL: database.urls.reader };
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/tools/policy/main.js', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

const base: AccessRecordInput = {
  kind: 'DELIVERY',
  action: 'content.read',
  peer: { oin: '00000099000000000102', kind: 'MUNICIPALITY' },
  userReference: USER,
  purpose: 'P03',
  legalBases: [],
  caseId: CASE,
  subjects: [{ index: randomBytes(32), id: SUBJECT }],
  contract: { id: 'M08', version: 1 },
  decision: { outcome: 'permit', policyVersion: '2026.1', role: 'MC', inputs: { messagePurpose: 'P03' }, reasons: [] },
  fieldGroups: { released: ['FG01', 'FG02', 'FG09', 'FG10', 'FG11', 'FG12', 'FG15', 'FG20'], withheld: [] },
};
const ngo = { oin: '00000099000000000201', kind: 'NGO' } as const;
const read2026 = { outcome: 'permit', policyVersion: '2026.1', reasons: [] } as const;

async function record(at: string, ...inputs: readonly AccessRecordInput[]): Promise<string[]> {
  const records = inputs.map((input) => makeTestRecord(input, new Date(at)));
  await insertRecords(poolOf(database.app), records);
  return records.map(({ id }) => id);
}

describe('npm run policy', () => {
  it('checks a version and all of them, and names file and line of what is wrong', async () => {
    const good = await policy('check', join(dir, '2026.1'));
    expect([good.code, good.stdout]).toEqual([0, expect.stringMatching(/^2026\.1 {2}from 2019-04-01.*\ngood\n$/)]);
    const proposed = await policy('check');
    expect([proposed.code, proposed.stdout]).toEqual([1, expect.stringContaining('M12 to NGO for P03: refused')]);
    const broken = join(dir, '..', `${dir.split('/').pop()}-broken`);
    cpSync(join(dir, NEXT), broken, { recursive: true });
    writeFileSync(join(broken, 'release-table.csv'), 'purpose;role;release\nP03;NG;FG20=F\n');
    const bad = await policy('check', broken);
    rmSync(broken, { recursive: true });
    expect([bad.code, bad.stderr]).toEqual([
      1,
      expect.stringMatching(/release-table\.csv:2: P03 NG: FG20=F exceeds b/),
    ]);
  });

  it('tells in Dutch who gains and who loses, and exits with 1 for a difference and 0 for none', async () => {
    const { code, stdout } = await policy('diff', '2026.1', NEXT);
    expect(code).toBe(1);
    expect(stdout).toContain('P03 samenstellen van het dossier, MC (gemeente, zaakcoördinator en voorzitter LSO) krijgt minder: FG11');
    expect(stdout).toContain('M12 voor P03: ngo verliest toegang');
    const json = await policy('diff', '2026.1', NEXT, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ versions: ['2026.1', NEXT], same: false });
    expect((await policy('diff', '2026.1', '2026.1')).code).toBe(0);
  }); // prettier-ignore

  it('explains a permit and a refusal, with the line that decided', async () => {
    const asked = ['explain', '--kind', 'MUNICIPALITY', '--contract', 'M08'];
    const permitted = await policy(...asked, '--purpose', 'P04');
    expect([permitted.code, permitted.stdout]).toEqual([0, expect.stringMatching(/^Toegestaan[^]*release-table\.csv:16/)]);
    const refused = await policy(...asked, '--purpose', 'P09', '--json');
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { permit: false, code: 'PURPOSE_NOT_ALLOWED' }]);
    const unclear = await policy('explain', '--kind', 'GEMEENTE', '--purpose', 'P04');
    expect([unclear.code, unclear.stderr]).toEqual([2, expect.stringContaining('--kind must be one of MUNICIPALITY')]);
  }); // prettier-ignore

  it('replays what was recorded in a period under a proposed version: counts and record ids, and no person', async () => {
    const inside = '2026-03-10T12:00:00.000Z';
    const [less] = await record(inside, base);
    const [refused] = await record(inside, {
      ...base,
      peer: ngo,
      contract: { id: 'M12', version: 1 },
      decision: { ...read2026, role: 'NG', inputs: { messagePurpose: 'P03' } },
      fieldGroups: { released: ['FG01'], withheld: [] },
    });
    const { contract: _contract, ...view } = base;
    await record(inside, { ...view, kind: 'CONSULTATION', action: 'case.read', purpose: 'P05', peer: ngo, decision: { ...read2026, role: 'NG' } });
    const noRelation = { outcome: 'refuse', code: 'CASE_NOT_AVAILABLE', reasons: [] } as const;
    await record(inside, { ...base, kind: 'REFUSAL', decision: noRelation }, { ...base, action: 'message.submit' });
    // In Amsterdam these are the day before and the day after.
    await record('2026-03-08T22:59:59.999Z', base);
    await record('2026-03-11T23:00:00.000Z', base);

    const { code, stdout, stderr } = await policy('replay', '--proposed', NEXT, '--from', '2026-03-09', '--to', '2026-03-11', '--json');
    expect([code, stderr]).toEqual([1, '4 decisions\n']);
    expect(JSON.parse(stdout)).toMatchObject({
      records: 4,
      totals: { SAME: 1, NOW_REFUSED: 1, RELEASES_LESS: 1, OUTSIDE_POLICY: 1, NOW_PERMITTED: 0, INCOMPLETE: 0 },
      differences: expect.arrayContaining([
        { verdict: 'RELEASES_LESS', peerKind: 'MUNICIPALITY', purpose: 'P03', what: 'M08', count: 1, examples: [less] },
        { verdict: 'NOW_REFUSED', peerKind: 'NGO', purpose: 'P03', what: 'M12', count: 1, examples: [refused] },
      ]),
    });
    for (const secret of [USER, SUBJECT, CASE]) expect(stdout + stderr).not.toContain(secret);
    const same = await policy('replay', '--proposed', '2026.1', '--from', '2026-03-09', '--to', '2026-03-11');
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('3  gelijk')]);
  }); // prettier-ignore

  it('goes through more than one page without missing or doubling a record', async () => {
    const many = Array.from({ length: 4_100 }, () => makeTestRecord(base, new Date('2026-05-01T10:00:00Z')));
    const pool = new pg.Pool({ connectionString: database.urls.app, max: 1 });
    await insertRecords(pool, many);
    await pool.end();
    const { stdout } = await policy('replay', '--proposed', NEXT, '--from', '2026-05-01', '--to', '2026-05-01', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ records: 4_100, totals: { RELEASES_LESS: 4_100 } });
  }); // prettier-ignore

  it('says what is missing, and helps', async () => {
    const replay = await policy('replay', '--proposed', NEXT);
    expect([replay.code, replay.stderr]).toEqual([2, expect.stringContaining('needs --proposed, --from and --to')]);
    expect((await policy('explain', '--colour', 'red')).code).toBe(2);
    expect((await policy('diff', '2026.1', 'absent')).stderr).toContain('absent: is neither a folder');
    for (const name of ['check', 'diff', 'replay', 'explain']) {
      expect(await policy(name, '--help')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`policy -- ${name}`),
      });
    }
    expect(await policy()).toMatchObject({ code: 2, stderr: expect.stringContaining('check|diff|replay|explain') });
  });
});
