import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { AccessRecordInput, PreparedRecord } from '../../apps/gateway/src/access-log/access-record.js';
import { insertRecords } from '../../apps/gateway/src/access-log/insert-records.js';
import { makeTestRecord } from '../../apps/gateway/src/access-log/testing/terms.js';
import type { Erasure } from '../../apps/gateway/src/retention/erasure.js';
import { until } from './until.js';
import { peer, type World } from './world.js';

const LIMIT_MS = 20_000;

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly kill: () => void;
  readonly ended: Promise<Said>;
}

/** The command of the built product, as the role of retention. */
export function startRetention(
  world: World,
  args: readonly string[],
  changes: Readonly<Record<string, string>> = {},
): RunningCommand {
  const env = {
    PATH: process.env.PATH,
    KETENPOORT_MODE: 'demo',
    RETENTION_DATABASE_URL: world.retentionUrl,
    ...changes,
  };
  const child = spawn(process.execPath, ['dist/tools/retention/main.js', ...args], { env });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString('utf8')));
  const ended = new Promise<Said>((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  return { kill: () => void child.kill('SIGKILL'), ended };
}

export const retention = (
  world: World,
  args: readonly string[],
  changes: Readonly<Record<string, string>> = {},
): Promise<Said> => startRetention(world, args, changes).ended;

/** A run that must succeed; its batches. */
export async function retentionRun(
  world: World,
  args: readonly string[] = [],
  changes: Readonly<Record<string, string>> = {},
): Promise<readonly Erasure[]> {
  const said = await retention(world, ['run', '--json', ...args], changes);
  if (said.code !== 0) throw new Error(`retention run: ${said.stdout}${said.stderr}`);
  return said.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Erasure);
}

/** The middle of the month that lies so many months back: no term hangs on the length of a month. */
export function monthsAgo(months: number): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 15, 12));
}

/** A record as the gateway makes it, with a clock of that time. */
export function oldRecord(at: Date, over: Partial<AccessRecordInput> = {}): PreparedRecord {
  return makeTestRecord(
    {
      kind: 'DELIVERY',
      action: 'content.read',
      legalBases: [],
      subjects: [{ index: randomBytes(32), id: 'sealed' }],
      decision: { outcome: 'permit', reasons: [] },
      fieldGroups: { released: [], withheld: [] },
      ...over,
    },
    at,
  );
}

/** Writes the records on the gateway's own road, and waits until the sequencer has put all of them into the log. */
export async function written(world: World, records: readonly PreparedRecord[]): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl, options: '-c search_path=ketenpoort' });
  await client.connect();
  try {
    await insertRecords(client, records);
  } finally {
    await client.end();
  }
  await sequenced(world);
}

export async function sequenced(world: World): Promise<void> {
  await until('all records are in the log', LIMIT_MS, async () => {
    const [row] = await world.rows<{ n: number }>('SELECT count(*)::int AS n FROM pending_leaf');
    return row?.n === 0;
  });
}

/** Leaves whose record is gone, and leaves that an ERASURE record of records names, each in order; the latter with doubles. */
export async function absentAndNamed(world: World): Promise<{ readonly absent: number[]; readonly named: number[] }> {
  const absent = await world.rows<{ position: string }>(
    'SELECT l.position FROM leaf l LEFT JOIN access_record r ON r.id = l.record_id WHERE r.id IS NULL ORDER BY l.position',
  );
  const named = await world.rows<{ position: string }>(`
    SELECT generate_series((range->>0)::bigint, (range->>1)::bigint) AS position
    FROM access_record r, jsonb_array_elements(convert_from(canonical, 'UTF8')::jsonb #> '{details,ranges}') AS range
    WHERE r.kind = 'ERASURE' ORDER BY 1`);
  const numbers = (rows: readonly { position: string }[]): number[] => rows.map(({ position }) => Number(position));
  return { absent: numbers(absent), named: numbers(named) };
}

/** What an officer and a municipality left with a case: a report in which an entry is withheld, and a grant. */
export async function reportAndGrant(world: World, caseId: string): Promise<void> {
  const [report, oin] = [randomUUID(), peer('rot').oin];
  const insert = (table: string, values: string, parameters: readonly unknown[]): Promise<unknown> =>
    world.rows(`INSERT INTO ${table} VALUES (${values})`, [...parameters]);
  const person = '(SELECT person_id FROM lvv_case WHERE id = $3)';
  const row = `$1, $2, $3, ${person}, $4, now(), '{}', now()`;
  await insert('data_subject_report', row, [report, randomUUID(), caseId, oin]);
  await insert('data_subject_report_part', `$1, $2, 'AVG', 1, now()`, [report, oin]);
  await insert('data_subject_report_step', `$1, $2, 'RELEASED', NULL, NULL, now()`, [report, oin]);
  await insert('data_subject_report_withheld', `$1, $2, $3, 'UAVG_41', NULL`, [report, oin, randomUUID()]);
  const until = `now(), now() + interval '1 day', NULL, 'proef', $4`;
  await insert('access_grant', `$1, 'MRT', $2, $3, 'm-1', ${until}`, [randomUUID(), caseId, oin, randomUUID()]);
}
