import { execFile, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { wrong } from './owner-connection.js';

const run = promisify(execFile);

/** Where Debian keeps a version of its own for each server, beside what is on the PATH. */
const DEBIAN = '/usr/lib/postgresql';
const ERROR_BYTES = 16_384;
const SERVER_VERSION = `SELECT current_setting('server_version_num')::int / 10000 AS major`;

/** `pg_dump` and `pg_restore` of one version. */
export interface PostgresTools {
  readonly dump: string;
  readonly restore: string;
  readonly major: number;
}

export async function serverMajorOf(client: pg.Client): Promise<number> {
  return (await client.query<{ major: number }>(SERVER_VERSION)).rows[0]?.major ?? 0;
}

/** The tools that fit a server: PG_BIN_DIR, else the PATH, else the newest of Debian's. @throws GatewayStartError */
export async function findTools(env: NodeJS.ProcessEnv, serverMajor: number): Promise<PostgresTools> {
  const folders = env.PG_BIN_DIR ? [env.PG_BIN_DIR] : ['', ...(await debianFolders())];
  const found = await Promise.all(folders.map((folder) => toolsIn(folder)));
  return chooseTools(
    found.filter((one) => one !== null),
    serverMajor,
  );
}

/** PostgreSQL refuses to read a server with tools that are older than it. @throws GatewayStartError */
export function chooseTools(found: readonly PostgresTools[], serverMajor: number): PostgresTools {
  const fitting = found.find(({ major }) => major >= serverMajor);
  if (fitting) return fitting;
  const newest = Math.max(0, ...found.map(({ major }) => major));
  const cause =
    newest === 0
      ? 'pg_dump and pg_restore are missing'
      : `pg_dump and pg_restore are of version ${newest}, and the server is of version ${serverMajor}`;
  const package_ = `the client programs of PostgreSQL ${serverMajor} (Debian: postgresql-client-${serverMajor})`;
  throw wrong(cause, `Install ${package_}, or name their folder in PG_BIN_DIR.`);
}

async function debianFolders(): Promise<string[]> {
  const versions = (await readdir(DEBIAN).catch(() => [])).filter((name) => /^\d+$/.test(name));
  return versions.toSorted((a, b) => Number(b) - Number(a)).map((name) => join(DEBIAN, name, 'bin'));
}

async function toolsIn(folder: string): Promise<PostgresTools | null> {
  const [dump, restore] = [join(folder, 'pg_dump'), join(folder, 'pg_restore')];
  try {
    const versions = await Promise.all([dump, restore].map(async (tool) => (await run(tool, ['--version'])).stdout));
    const majors = versions.map((text) => Number(/\(PostgreSQL\) (\d+)/.exec(text)?.[1] ?? 0));
    return { dump, restore, major: Math.min(...majors) };
  } catch {
    return null;
  }
}

/**
 * Runs one of the tools against a database. The password goes by the environment: arguments are shown to everyone on the
 * machine. @throws GatewayStartError with what the tool itself said first.
 */
export async function runTool(tool: string, databaseUrl: string, args: readonly string[]): Promise<void> {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const env = { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) };
  const child = spawn(tool, ['--no-password', `--dbname=${url.href}`, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(0, ERROR_BYTES)));
  const ended = await new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
  if (ended === null) return;
  // Only the error itself: what follows it may quote a row.
  const error = said.split('\n').find((line) => / error: /.test(line)) ?? ended;
  throw wrong(error, 'Mend that, and begin again in an empty folder or an empty database.');
}
