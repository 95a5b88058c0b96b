import { checkErasures } from '../../apps/gateway/src/retention/check-erasures.js';
import type { Subcommand } from '../support/subcommand.js';
import { withSession } from './session.js';

export const checkCommand: Subcommand = {
  help: `Usage: npm run retention -- check

Whether what was erased is still gone: no access record is here that an ERASURE record names, and every erasure of the
journal (ERASURE_JOURNAL_FILE) is known to the database. Changes nothing. Exit 1 with cause and next step if not.`,
  async run(_, env, print) {
    const journal = env.ERASURE_JOURNAL_FILE ?? null;
    print(await withSession(env, new Date(), ({ client }) => checkErasures(client, journal)));
    return 0;
  },
};
