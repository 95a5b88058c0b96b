import { parseArgs } from 'node:util';
import { appendToJournal } from '../../apps/gateway/src/retention/erasure-journal.js';
import { lostErasures, readErasures } from '../../apps/gateway/src/retention/read-erasures.js';
import { replayErasure } from '../../apps/gateway/src/retention/replay-erasures.js';
import { alone } from '../../apps/gateway/src/retention/retention-session.js';
import type { Subcommand } from '../support/subcommand.js';
import { withSession, wrong } from './session.js';
import { erasuresOf } from './erasure-source.js';

export const replayCommand: Subcommand = {
  help: `Usage: npm run retention -- replay [--from <export folder> | --from-database <url>]

After a restore from an older backup, before the gateway serves: does again every erasure that the restored database does
not know. Each is one transaction with a new ERASURE record that names the old one. Running it again changes nothing.

  --from <folder>        an export made by \`npm run log -- export\`; verify it first with \`npm run verify\`
  --from-database <url>  another copy of the database that has the erasures
  without either         the journal (ERASURE_JOURNAL_FILE)`,
  async run(args, env, print) {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args: [...args], options: { from: text, 'from-database': text } });
    const journal = env.ERASURE_JOURNAL_FILE ?? null;
    const named = await erasuresOf(values.from, values['from-database'], journal);
    return withSession(env, new Date(), async (session) => {
      const done = await alone(session.client, async () => {
        const lost = lostErasures(await readErasures(session.client), named);
        for (const erasure of lost) {
          const replayed = await replayErasure(session, erasure);
          if (journal !== null) await appendToJournal(journal, [replayed]);
          print(
            `${erasure.at} ${erasure.what.toLowerCase()}: ${replayed.count} of ${erasure.count} were back, and are gone`,
          );
        }
        print(`${lost.length} of ${named.length} erasures done again.`);
        return true;
      });
      if (!done) throw wrong('A run of retention is under way', 'Wait until it has ended, and repeat this.');
      return 0;
    });
  },
};
