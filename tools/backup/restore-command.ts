import type pg from 'pg';
import { startProgress, type Progress } from '../support/progress.js';
import type { Subcommand } from '../support/subcommand.js';
import { checkAll } from './checks.js';
import { ownerUrl, withOwner, wrong } from './owner-connection.js';
import { foldersOf, wordsOf } from './folders.js';
import { CASE_KEYS_FILE, checkFiles, DATABASE_FILE, pathsOf, readBackup, type Backup } from './manifest.js';
import { findTools, runTool, serverMajorOf } from './postgres-tools.js';

const TAKEN = `SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'ketenpoort') AS taken`;
const ROLES = ['ketenpoort_owner', 'ketenpoort_app', 'ketenpoort_retention', 'ketenpoort_reader'];
const ROLES_THERE = 'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY ($1)';

export const restoreCommand: Subcommand = {
  help: `Usage: npm run backup -- restore --from <folder> [--keys <folder>] [--checkpoint <file>]

Makes an empty database what the backup was, with pg_restore, and then checks that nothing is missing (as check does, and
that not a row is there beyond the backup). Files that are not those of the manifest are refused before anything is
written; a database that holds a schema is never overwritten. No gateway may run on it yet. Exit 1 with cause and next
step for whatever has to be done before one does: above all npm run retention -- replay.

  --from <folder>      the backup
  --keys <folder>      where its case keys are; default: keys, below it
  --checkpoint <file>  a signed checkpoint that somebody kept of this log

Environment:
  DATABASE_OWNER_URL    the empty database, as ketenpoort_owner
  ERASURE_JOURNAL_FILE  as retention has it: names what was erased since the backup
  PG_BIN_DIR            where pg_restore is, unless on the PATH`,
  async run(args, env, print) {
    const words = wordsOf(args, ['from', 'keys', 'checkpoint']);
    const { folder, keysFolder } = foldersOf('from', words.from, words.keys);
    const url = ownerUrl(env);
    const backup = await readBackup(folder, keysFolder);
    const progress = startProgress('Restore');
    try {
      const well = await withOwner(url, async (client) => {
        progress.step('reading the files');
        await checkFiles(backup);
        await fill(client, url, backup, env, progress);
        const compared = { backup, client, exact: true, env, checkpointFile: words.checkpoint };
        return await checkAll(compared, print, (name) => progress.step(`checking ${name}`));
      });
      return well ? 0 : 1;
    } finally {
      progress.done('ended');
    }
  },
};

/** Data before indexes, keys and triggers: nothing derives or guards while rows come back, and the order is free. */
async function fill(
  client: pg.Client,
  url: string,
  backup: Backup,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<void> {
  const { toolsMajor, serverMajor } = backup.manifest;
  const major = await serverMajorOf(client);
  await checkTarget(client, major, serverMajor);
  // A dump is read by tools that are not older than those which made it.
  const { restore } = await findTools(env, Math.max(major, toolsMajor));
  const paths = pathsOf(backup);
  const steps: readonly (readonly [what: string, file: string, section: string])[] = [
    ['making tables', paths[DATABASE_FILE], 'pre-data'],
    ['filling tables', paths[DATABASE_FILE], 'data'],
    ['filling cases', paths[CASE_KEYS_FILE], 'data'],
    ['making indexes and triggers', paths[DATABASE_FILE], 'post-data'],
  ];
  for (const [what, file, section] of steps) {
    progress.step(what);
    await runTool(restore, url, ['--exit-on-error', '--single-transaction', `--section=${section}`, file]);
  }
  // Counting and verifying a million rows by the plans of an empty table takes hours.
  await client.query('ANALYZE');
}

async function checkTarget(client: pg.Client, major: number, madeOn: number): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>(TAKEN);
  if (rows[0]?.taken !== false)
    throw wrong(
      'The database holds a schema already, and is not overwritten',
      'Make a new database (docs/operations.md, section 2), and let DATABASE_OWNER_URL name that.',
    );
  if (major < madeOn)
    throw wrong(`The server is of version ${major}, and the backup of ${madeOn}`, `Use PostgreSQL ${madeOn} or newer.`);
  const there = new Set((await client.query<{ name: string }>(ROLES_THERE, [ROLES])).rows.map(({ name }) => name));
  const missing = ROLES.filter((name) => !there.has(name));
  if (missing.length > 0)
    throw wrong(`The server has no role ${missing.join(', ')}`, 'Run tools/database/roles.sql as administrator first.');
}
