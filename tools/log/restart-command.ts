import { parseArgs } from 'node:util';
import pg from 'pg';
import { readLogKey } from '../../apps/gateway/src/access-log/log/log-key.js';
import { RestartRefused, restartLog } from '../../apps/gateway/src/access-log/log/restart-log.js';
import { recordMaker } from '../../apps/gateway/src/access-log/record-maker.js';
import { recordTerms } from '../../apps/gateway/src/retention/terms.js';
import { policyInForce } from '../support/policy-in-force.js';
import type { LogCommand, Surroundings } from './log-command.js';

const HELP = `Usage: npm run log -- restart [--force <origin>] [--operator <reference>]

Closes the running epoch of the log and begins a new one under a new origin. Its first entry says where the old one
stood, with its last cosigned checkpoint. For a log that is halted because a witness has seen more of it than there is
(after the restore of an older backup), or something else. It cannot be taken back: the new origin and key have to be
given to every witness and verifier.

  --force <origin>        also when the log is not halted; type the origin of the running epoch
  --operator <reference>  who decides, as the access log will say; otherwise your account name on this machine

Environment:
  DATABASE_URL  the database, as the app role or the owner
  LOG_KEY_FILE  the key that signs the new epoch, as the gateway has it
  POLICY_DIR    as the gateway has it`;

/** As the header User-Reference: one token. */
const REFERENCE = /^[\w.:@-]{1,100}$/;
const CONNECT_TIMEOUT_MS = 5_000;

interface Words {
  readonly force: string | null;
  readonly operator: string;
}

export const RESTART: LogCommand = {
  summary: 'closes the running epoch and begins a new one, after a restore',
  run: async (args, surroundings, print) => {
    const words = read(args, surroundings);
    const { DATABASE_URL: url, LOG_KEY_FILE: keyFile } = surroundings.env;
    if (words === 'help') {
      print(HELP);
      return 0;
    }
    if (typeof words === 'string' || !url || !keyFile) {
      print(`${typeof words === 'string' ? words : 'DATABASE_URL and LOG_KEY_FILE must be set.'} See --help.`);
      return 2;
    }
    return restart(url, keyFile, words, surroundings, print);
  },
};

async function restart(
  url: string,
  keyFile: string,
  words: Words,
  { env }: Surroundings,
  print: (line: string) => void,
): Promise<number> {
  const key = await readLogKey(keyFile);
  const terms = recordTerms(policyInForce(env, new Date()));
  const makeRecord = recordMaker(() => terms);
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    const head = await restartLog(pool, { key, makeRecord, ...words });
    print(`The log goes on as ${head.origin}; its first entry is the record of this restart.`);
    print(`Give its key to every witness and verifier: ${head.vkey}`);
    return 0;
  } catch (error) {
    if (!(error instanceof RestartRefused)) throw error;
    print(`${error.message} See --help.`);
    return 2;
  } finally {
    await pool.end();
  }
}

function read(args: readonly string[], { operator: account }: Surroundings): Words | string {
  const text = { type: 'string' } as const;
  const options = { force: text, operator: text, help: { type: 'boolean' } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help === true) return 'help';
    const operator = values.operator ?? account;
    if (!REFERENCE.test(operator)) return '--operator is one token of at most 100 characters.';
    return { force: values.force ?? null, operator };
  } catch (error) {
    return (error as Error).message;
  }
}
