import { parseArgs } from 'node:util';
import type { Erasure } from '../../apps/gateway/src/retention/erasure.js';
import { appendToJournal, readJournal } from '../../apps/gateway/src/retention/erasure-journal.js';
import { lostErasures, readErasures } from '../../apps/gateway/src/retention/read-erasures.js';
import { alone } from '../../apps/gateway/src/retention/retention-session.js';
import { runRetention } from '../../apps/gateway/src/retention/run-retention.js';
import type { Subcommand } from '../support/subcommand.js';
import { timeOf, withSession, wrong } from './session.js';

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export const runCommand: Subcommand = {
  help: `Usage: npm run retention -- run [--limit <n>] [--json] [--now <instant>]

Removes what is past its term: ended cases with their contents and keys, contents of messages that everyone is done with,
access records. Batch by batch; each is one transaction with its own ERASURE record. Running it again, or stopping it at
any moment, is safe; of two at once the second does nothing.

  --limit <n>      at most this many records, contents and cases each (about: a batch is not cut)
  --json           one JSON line a batch
  --now <instant>  demo only: as if it were then`,
  async run(args, env, print) {
    const { values } = parseArgs({
      args: [...args],
      options: { limit: { type: 'string' }, json: { type: 'boolean', default: false }, now: { type: 'string' } },
    });
    const limit = values.limit === undefined ? NO_LIMIT : Number(values.limit);
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw wrong('--limit is not a number from 1', 'Give how many, or leave it out.');
    const journal = env.ERASURE_JOURNAL_FILE ?? null;
    return withSession(env, timeOf(values.now, env), async (session) => {
      const totals = { RECORDS: 0, NOTIFICATIONS: 0, CASES: 0 };
      const onErased = async (erasure: Erasure): Promise<void> => {
        if (journal !== null) await appendToJournal(journal, [erasure]);
        totals[erasure.what] += erasure.count;
        if (values.json) print(JSON.stringify(erasure));
        else print(`${erasure.at} ${erasure.count} ${erasure.what.toLowerCase()} erased, record ${erasure.recordId}`);
      };
      const done = await alone(session.client, async () => {
        // What a run committed and did not live to note.
        if (journal !== null) {
          await appendToJournal(journal, lostErasures(await readJournal(journal), await readErasures(session.client)));
        }
        await runRetention(session, { limit, onErased });
        return true;
      });
      if (values.json) return 0;
      if (!done) print('Another run is under way: nothing was done here.');
      else print(`${totals.RECORDS} records, ${totals.NOTIFICATIONS} contents and ${totals.CASES} cases erased.`);
      return 0;
    });
  },
};
