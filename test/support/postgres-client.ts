import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toolPaths } from '../../tools/broker/broker-config.js';
import { findTools } from '../../tools/backup/postgres-tools.js';

/** Of the embedded server, which comes without pg_dump and pg_restore. */
const SERVER_MAJOR = 18;
/** Where `.ci/run` puts them. */
const CACHED = join(toolPaths().cacheDir, 'postgresql-client', 'embedded_postgres', 'pginstall', 'bin');

/** What a command needs to find PostgreSQL's client programs, or why this machine cannot run it. */
export async function postgresClient(): Promise<
  { readonly env: Record<string, string> } | { readonly reason: string }
> {
  const folder = process.env.PG_BIN_DIR ?? (existsSync(CACHED) ? CACHED : undefined);
  const env = folder === undefined ? {} : { PG_BIN_DIR: folder };
  return findTools({ ...process.env, ...env }, SERVER_MAJOR).then(
    () => ({ env }),
    (error: Error) => ({ reason: error.message }),
  );
}
