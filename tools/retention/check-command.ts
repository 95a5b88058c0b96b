import { checkErasures } from '../../apps/gateway/src/retention/check-erasures.js';
import { withSession, type Command } from './command.js';

export const checkCommand: Command = {
  help: `Usage: npm run retention -- check

Whether what was erased is still gone: no access record is here that an ERASURE record names, and every erasure of the
journal (ERASURE_JOURNAL_FILE) is known to the database. Changes nothing. Exit 1 with cause and next step if not.`,
  async run(_, env, print) {
    const journal = env.ERASURE_JOURNAL_FILE ?? null;
    print(await withSession(env, new Date(), ({ client }) => checkErasures(client, journal)));
    return 0;
  },
};
