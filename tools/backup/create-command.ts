import { chmod, rm, writeFile } from 'node:fs/promises';
import type pg from 'pg';
import { startProgress, type Progress } from '../support/progress.js';
import type { Subcommand } from '../support/subcommand.js';
import { ownerUrl, withOwner, wrong } from './owner-connection.js';
import { hasSchema, readFacts, type DatabaseFacts } from './database-facts.js';
import { foldersOf, makeFolders, wordsOf, type Folders } from './folders.js';
import { CASE_KEYS_FILE, DATABASE_FILE, factsOf, pathsOf, writeManifest } from './manifest.js';
import { findTools, runTool, serverMajorOf } from './postgres-tools.js';

const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const EXPORT = 'SELECT pg_export_snapshot() AS snapshot, now() AS at';
/** A migration that waits for its lock gives up after two seconds; a backup may wait a little longer for it. */
const LOCK_WAIT = '--lock-wait-timeout=30s';
const CASES = 'ketenpoort.lvv_case';

export const createCommand: Subcommand = {
  help: `Usage: npm run backup -- create --out <folder> [--keys-out <folder>]

Copies the database with pg_dump, beside a running gateway, and writes a manifest of that very snapshot: schema, rows of
each table, last number of each inbox, size and root of the log, digest of each file. The folders are new and closed to
other accounts. Key files (MASTER_KEY_FILE and the others) are not in it: back them up elsewhere.

  --out <folder>       everything but the cases: opens no content of a case, names no resident
  --keys-out <folder>  the cases with their wrapped keys, to keep elsewhere and for a shorter time; default: keys, below
                       the folder of --out

Environment:
  DATABASE_OWNER_URL   postgresql://ketenpoort_owner:<password>@<host>:<port>/<database>
  PG_BIN_DIR           where pg_dump is, unless on the PATH; not older than the server
  BACKUP_STAMP_FILE    touched when all is well, for the doctor`,
  async run(args, env, print) {
    const words = wordsOf(args, ['out', 'keys-out']);
    const folders = foldersOf('out', words.out, words['keys-out']);
    const url = ownerUrl(env);
    const progress = startProgress('Backup');
    let how = 'not made';
    try {
      const digest = await withOwner(url, (client) => create(client, url, folders, env, progress));
      how = 'made';
      if (env.BACKUP_STAMP_FILE) await writeFile(env.BACKUP_STAMP_FILE, `${new Date().toISOString()}\n`);
      print(`${folders.folder} holds a backup; manifest SHA-256 ${digest}: note it somewhere else.`);
      print(
        `The case keys are in ${folders.keysFolder}: keep them apart, and destroy them sooner (docs/operations.md).`,
      );
      return 0;
    } finally {
      progress.done(how);
    }
  },
};

async function create(
  client: pg.Client,
  url: string,
  folders: Folders,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<string> {
  if (!(await hasSchema(client)))
    throw wrong('The database has no schema', 'Let DATABASE_OWNER_URL name the database of the gateway.');
  const serverMajor = await serverMajorOf(client);
  const tools = await findTools(env, serverMajor);
  await makeFolders(folders);
  const paths = pathsOf(folders);
  try {
    await client.query(SNAPSHOT);
    const { rows } = await client.query<{ snapshot: string; at: Date }>(EXPORT);
    const { snapshot, at } = rows[0] ?? { snapshot: '', at: new Date() };
    const dump = async (file: string, ...what: string[]): Promise<void> => {
      const form = ['--format=custom', '--schema=ketenpoort', LOCK_WAIT, `--snapshot=${snapshot}`, `--file=${file}`];
      await runTool(tools.dump, url, [...form, ...what]);
      await chmod(file, 0o600);
    };
    progress.step('copying the database');
    await dump(paths[DATABASE_FILE], `--exclude-table-data=${CASES}`);
    progress.step('copying the cases');
    await dump(paths[CASE_KEYS_FILE], '--data-only', `--table=${CASES}`);
    progress.step('counting');
    const facts: DatabaseFacts = await readFacts(client);
    await client.query('COMMIT');
    progress.step('computing digests');
    const files = {
      [DATABASE_FILE]: await factsOf(paths[DATABASE_FILE]),
      [CASE_KEYS_FILE]: await factsOf(paths[CASE_KEYS_FILE]),
    };
    const about = { at: at.toISOString(), serverMajor, toolsMajor: tools.major, facts, files };
    return await writeManifest(folders.folder, about);
  } catch (error) {
    // Half a backup is none; without its manifest nothing takes it for one either.
    await Promise.all(Object.values(paths).map((path) => rm(path, { force: true })));
    throw error;
  }
}
