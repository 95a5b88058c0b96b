import { parseArgs } from 'node:util';
import type { LogCommand } from './log-command.js';
import { withReader } from './read-connection.js';

const HELP = `Usage: npm run log -- key [--database-url <url>]

Prints the public key of the log, one line for each epoch, as C2SP signed-note has it (vkey). Give it to whoever verifies
the log, by another road than the log itself.

Environment:
  DATABASE_URL  postgresql://ketenpoort_reader:<password>@<host>:<port>/<database>`;

const KEYS = 'SELECT vkey FROM ketenpoort.tree_head ORDER BY epoch';

export const KEY: LogCommand = {
  summary: 'prints the public key of the log, for whoever verifies it',
  async run(args, { env }, print) {
    const { values } = parseArgs({
      args: [...args],
      options: { 'database-url': { type: 'string' }, help: { type: 'boolean' } },
    });
    const url = values['database-url'] ?? env.DATABASE_URL;
    if (values.help || url === undefined) {
      print(HELP);
      return values.help ? 0 : 2;
    }
    const { rows } = await withReader(url, (client) => client.query<{ vkey: string }>(KEYS));
    for (const { vkey } of rows) print(vkey);
    if (rows.length === 0) print('There is no log yet: it is made when the gateway first starts.');
    return rows.length === 0 ? 1 : 0;
  },
};
