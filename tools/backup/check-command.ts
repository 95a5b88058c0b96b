import { startProgress } from '../support/progress.js';
import type { Subcommand } from '../support/subcommand.js';
import { checkAll } from './checks.js';
import { ownerUrl, withOwner, wrong } from './owner-connection.js';
import { hasSchema } from './database-facts.js';
import { foldersOf, wordsOf } from './folders.js';
import { readBackup } from './manifest.js';

export const checkCommand: Subcommand = {
  help: `Usage: npm run backup -- check --from <folder> [--keys <folder>] [--checkpoint <file>]

What a database lacks of a backup: files, schema, rows, numbers of the inboxes, the log with every record, erasures. And
what was lost after the backup, as far as others know: witness servers are asked for the largest log that they have seen.
Changes nothing. For after a restore, of whatever kind: one from base backup and WAL is checked by the newest manifest.

  --from <folder>      the backup
  --keys <folder>      where its case keys are; default: keys, below it
  --checkpoint <file>  a signed checkpoint that somebody kept: an agency, a monitor, a newer export of the log

Environment:
  DATABASE_OWNER_URL    the database that is checked, as ketenpoort_owner
  ERASURE_JOURNAL_FILE  as retention has it
  TMPDIR                where the records lie while the verifier reads them`,
  async run(args, env, print) {
    const words = wordsOf(args, ['from', 'keys', 'checkpoint']);
    const { folder, keysFolder } = foldersOf('from', words.from, words.keys);
    const backup = await readBackup(folder, keysFolder);
    const progress = startProgress('Check');
    try {
      const well = await withOwner(ownerUrl(env), async (client) => {
        if (!(await hasSchema(client)))
          throw wrong('The database is empty', 'Restore into it first: npm run backup -- restore');
        const compared = { backup, client, exact: false, env, checkpointFile: words.checkpoint };
        return await checkAll(compared, print, (name) => progress.step(name));
      });
      return well ? 0 : 1;
    } finally {
      progress.done('ended');
    }
  },
};
