import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, cpSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DEFAULT_POLICY_DIR, readConfig, type GatewayConfig } from '../apps/gateway/src/config.js';
import { CHECKS } from '../tools/doctor/checks.js';
import { outcomeOf, type Outcome } from '../tools/doctor/outcome.js';
import { createAuthority } from '../tools/pki/authority.js';
import { World } from './support/world.js';

const run = promisify(execFile);
const HOUR_MS = 3_600_000;
let world: World;
let env: Record<string, string>;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  env = world.environment({ agency: 1, public: 1, management: 1 });
});
afterAll(() => world.close());
afterEach(() => {
  jest.restoreAllMocks();
});

/** One check of the doctor, with settings that are changed for it. */
async function check(
  name: string,
  changes: Readonly<Record<string, string>> = {},
  change: Partial<GatewayConfig> = {},
): Promise<Outcome> {
  const found = CHECKS.find((one) => one.name === name);
  if (!found) throw new Error(`no check ${name}`);
  const settings = { ...env, ...changes };
  return await outcomeOf(name, () => found.run({ ...readConfig(settings), ...change }, settings));
}

/** Its level, and its causes in one line. */
const said = ({ level, problems }: Outcome): string => `${level}: ${problems.map(({ cause }) => cause).join('; ')}`;

/** A file of the world under another name and mode. */
function copyOf(file: string | undefined, name: string, mode: number): string {
  const copy = join(world.folder, name);
  copyFileSync(file ?? '', copy);
  chmodSync(copy, mode);
  return copy;
}

async function certificateFor(days: number): Promise<Record<string, string>> {
  const { certPem, keyPem } = await createAuthority('doctor', days);
  const [TLS_CERT_FILE, TLS_KEY_FILE] = [join(world.folder, `${days}.crt`), join(world.folder, `${days}.key`)];
  writeFileSync(TLS_CERT_FILE, certPem);
  writeFileSync(TLS_KEY_FILE, keyPem, { mode: 0o600 });
  return { TLS_CERT_FILE, TLS_KEY_FILE };
}

function stampOf(hoursAgo: number): Record<string, string> {
  const BACKUP_STAMP_FILE = join(world.folder, `backup-${hoursAgo}`);
  writeFileSync(BACKUP_STAMP_FILE, '');
  const at = new Date(Date.now() - hoursAgo * HOUR_MS);
  utimesSync(BACKUP_STAMP_FILE, at, at);
  return { BACKUP_STAMP_FILE };
}

function changedPolicy(): Record<string, string> {
  const POLICY_DIR = join(world.folder, 'policy');
  cpSync(DEFAULT_POLICY_DIR, POLICY_DIR, { recursive: true });
  const [version = ''] = readdirSync(POLICY_DIR);
  appendFileSync(join(POLICY_DIR, version, 'version.json'), '\n');
  return { POLICY_DIR };
}

async function withoutNextMonth(): Promise<Outcome> {
  const next = `to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY_MM')`;
  const [row] = await world.rows<{ name: string }>(`SELECT 'delivery_' || ${next} AS name`);
  await world.rows(`ALTER TABLE ketenpoort.${row?.name} RENAME TO delivery_away`);
  try {
    return await check('partitions');
  } finally {
    await world.rows(`ALTER TABLE ketenpoort.delivery_away RENAME TO ${row?.name}`);
  }
}

function withClockAhead(): Promise<Outcome> {
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + 5_000);
  return check('clock');
}

const BROKEN: readonly (readonly [what: string, done: () => Promise<Outcome>, said: string | RegExp])[] = [
  [
    'a certificate that ends in a month',
    async () => check('server certificate', await certificateFor(20)),
    /^warn: The server certificate expires in 19 days/,
  ],
  [
    'a certificate that ends within a week',
    async () => check('server certificate', await certificateFor(3)),
    /^fail: The server certificate expires in 2 days/,
  ],
  [
    'a key that belongs to another certificate',
    async () => check('server certificate', { TLS_KEY_FILE: (await certificateFor(40)).TLS_KEY_FILE ?? '' }),
    /^fail: Key file .* does not belong to certificate/,
  ],
  [
    'authorities that are not there',
    () => check('trust anchors', { TLS_CA_FILE: '/nowhere' }),
    /^fail: File .* not exist/,
  ],
  ['revocation lists that are not there', () => check('revocation lists', { TLS_CRL_FILE: '/nowhere' }), /^fail: File/],
  [
    'a key that others can read',
    () => check('keys', { MASTER_KEY_FILE: copyOf(env.MASTER_KEY_FILE, 'open.key', 0o644) }),
    /^fail: File .* can be read by others \(mode 0644\)/,
  ],
  ['a role that owns the records', () => check('database', { DATABASE_URL: world.ownerUrl }), /^fail: .*The role owns/],
  [
    'a database that is not there',
    () => check('database', { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }),
    'fail: The database cannot be reached',
  ],
  ['clocks that differ', withClockAhead, /^fail: The clocks of gateway and database differ by \d+ ms/],
  ['a month without its partition', withoutNextMonth, 'warn: Partitions are there for 0 months to come'],
  [
    'a policy whose files were changed under its name',
    () => check('policy', changedPolicy()),
    /^fail: Policy .* has other files than were recorded/,
  ],
  [
    'another key than the one that signs the log',
    () => check('log', { LOG_KEY_FILE: env.RECEIPT_KEY_FILE ?? '' }),
    'fail: LOG_KEY_FILE is not the key that signs this log',
  ],
  [
    'a folder that is gone',
    () => check('disk', { ERASURE_JOURNAL_FILE: '/nowhere/erasures.jsonl' }),
    'fail: The folder /nowhere cannot be read',
  ],
  [
    'a WAL that nobody archives, in production',
    () => check('archive', {}, { mode: 'production' }),
    /^warn: The WAL is not archived/,
  ],
  ['a backup of two days ago', () => check('backup', stampOf(48)), 'fail: The last backup is 48 hours old'],
  [
    'a backup that never was',
    () => check('backup', { BACKUP_STAMP_FILE: '/nowhere' }),
    'fail: There was no backup yet (/nowhere is missing)',
  ],
  ['backups that tell nobody, in production', () => check('backup', {}, { mode: 'production' }), /^warn: Nobody tells/],
];

describe('the doctor', () => {
  it.each(BROKEN)('finds %s, with a next step', async (_what, found, expected) => {
    const outcome = await found();
    expect(said(outcome)).toMatch(expected);
    for (const { nextStep } of outcome.problems) expect(nextStep).toMatch(/\w/);
  });

  it('takes a backup of this night for fresh', async () => {
    expect(await check('backup', stampOf(9))).toMatchObject({ level: 'ok', found: 'the last one is 9 hours old' });
  });

  it('finds nothing wrong with a gateway that runs, by its settings alone', async () => {
    const { stdout } = await run(process.execPath, ['dist/tools/doctor/main.js', '--json'], { env });
    const outcomes = JSON.parse(stdout) as Outcome[];
    expect(outcomes.map(({ name, level }) => [name, level])).toEqual(
      ['configuration', ...CHECKS.map(({ name }) => name)].map((name) => [name, 'ok']),
    );
  });

  it('prints cause and next step, and ends with 1, when something fails', async () => {
    const broken = { ...env, MASTER_KEY_FILE: copyOf(env.MASTER_KEY_FILE, 'shown.key', 0o644) };
    const failed = await run(process.execPath, ['dist/tools/doctor/main.js'], { env: broken }).catch(
      (error: unknown) => error as { code: number; stdout: string },
    );
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stdout).toMatch(
      /^fail {3}keys\n {7}cause: .* can be read by others .*\n {7}next: {2}Run: chmod 600/m,
    );
    expect(failed.stdout.trimEnd().endsWith('1 of the checks failed')).toBe(true);
  });
});
