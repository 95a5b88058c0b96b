import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { AccessRecordInput, PreparedRecord } from '../../apps/gateway/src/access-log/access-record.js';
import { insertRecords } from '../../apps/gateway/src/access-log/insert-records.js';
import { LogKey } from '../../apps/gateway/src/access-log/log/log-key.js';
import { sequence } from '../../apps/gateway/src/access-log/log/sequence.js';
import { makeTestRecord } from '../../apps/gateway/src/access-log/testing/terms.js';
import type { Finding } from '../../apps/verify/src/finding.js';
import type { CheckedEpoch } from '../../apps/verify/src/log-check.js';
import type { World } from './world.js';
import { storiesRun } from './stories-run.js';

/** What `npm run verify -- --json` says. */
export interface Verified {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly epochs: readonly CheckedEpoch[];
  readonly notes: readonly string[];
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SEPARATE_LINES = { maxBuffer: 64 * 1024 * 1024 };
let copies = 0;

/** Runs a built command; never throws on its exit code. */
export function runBuilt(script: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH ?? '', ...env }, ...SEPARATE_LINES };
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

export async function verifyBuilt(log: string, ...args: string[]): Promise<Verified> {
  const { exitCode, stdout, stderr } = await runBuilt('dist/apps/verify/src/main.js', [log, '--json', ...args]);
  if (stdout === '') throw new Error(`nothing was verified: ${stderr}`);
  return { exitCode, ...(JSON.parse(stdout) as Omit<Verified, 'exitCode'>) };
}

/** A copy of a story's database, to do to it what nobody may: as superuser and with all triggers off. */
export class LogCopy {
  private constructor(
    readonly db: pg.Client,
    private readonly name: string,
    private readonly folder: string,
    private readonly keyFile: string,
  ) {}

  /** The story's own connections must be closed: a database that is in use is no template. */
  static async of(world: World): Promise<LogCopy> {
    const source = new URL(world.ownerUrl).pathname.slice(1);
    const name = `${source}_${(copies += 1)}`;
    const admin = await connect(urlOf('super', 'postgres'));
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${source}`).finally(() => admin.end());
    const db = await connect(urlOf('super', name));
    await db.query('SET search_path = ketenpoort; SET session_replication_role = replica');
    return new LogCopy(db, name, join(world.folder, name), world.secrets.logKeyFile);
  }

  /** Exports with the built command, as the role that may only read, and verifies what it wrote with the built verifier. */
  async verify(...args: string[]): Promise<Verified> {
    const folder = `${this.folder}-${(copies += 1)}`;
    await this.export(folder);
    return verifyBuilt(folder, ...args);
  }

  async export(folder: string, ...args: string[]): Promise<Ran> {
    const env = { DATABASE_URL: urlOf('reader', this.name) };
    const ran = await runBuilt('dist/tools/log/main.js', ['export', '--out', folder, ...args], env);
    if (ran.exitCode !== 0) throw new Error(`nothing was exported: ${ran.stdout} ${ran.stderr}`);
    return ran;
  }

  /** `npm run log -- key` */
  key(): Promise<Ran> {
    return runBuilt('dist/tools/log/main.js', ['key'], { DATABASE_URL: urlOf('reader', this.name) });
  }

  /** What the gateway would do: writes the records and, when asked, takes them up in the tree. */
  async record(...records: readonly PreparedRecord[]): Promise<void> {
    await this.asGateway((pool) => insertRecords(pool, records));
  }

  async sequence(): Promise<void> {
    const key = LogKey.from(readFileSync(this.keyFile, 'utf8'));
    const taken = await this.asGateway((pool) => sequence(pool, key));
    if (taken.kind !== 'grown') throw new Error(`the log did not grow: ${taken.kind}`);
  }

  async close(): Promise<void> {
    await this.db.end();
  }

  private async asGateway<Result>(work: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
    const pool = new pg.Pool({
      connectionString: urlOf('app', this.name),
      max: 1,
      options: '-c search_path=ketenpoort',
    });
    return work(pool).finally(() => pool.end());
  }
}

/** A record as the gateway makes it, of an action that no message has. */
export function someRecord(at = new Date(), changes: Partial<AccessRecordInput> = {}): PreparedRecord {
  const input: AccessRecordInput = {
    kind: 'CONSULTATION',
    action: 'case.read',
    peer: { oin: '00000099000000000301', kind: 'IND' },
    purpose: 'P03',
    legalBases: ['LB1'],
    subjects: [],
    decision: { outcome: 'permit', reasons: ['a record of the story'] },
    fieldGroups: { released: [], withheld: [] },
  };
  return makeTestRecord({ ...input, ...changes }, at);
}

function urlOf(role: 'super' | 'app' | 'reader', database: string): string {
  return storiesRun().urls[role].replace('%', database);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
