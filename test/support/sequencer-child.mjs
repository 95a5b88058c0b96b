// A sequencer in a process of its own, from the built product, that dies or stands still at a chosen statement.
// Arguments: database URL, key file, what to do (`once`, `loop`, `kill`, `stop`), and at which statement of the cycle.
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { LogKey } from '../../dist/apps/gateway/src/access-log/log/log-key.js';
import { sequence } from '../../dist/apps/gateway/src/access-log/log/sequence.js';

const [url, keyFile, mode, at = '0'] = process.argv.slice(2);
const real = new pg.Pool({ connectionString: url, max: 1 });
let statements = 0;

async function before() {
  statements += 1;
  if (statements !== Number(at)) return;
  if (mode === 'kill') process.kill(process.pid, 'SIGKILL');
  console.log('stopping');
  // What is written to a pipe leaves at once, but only when the event loop turns.
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.kill(process.pid, 'SIGSTOP');
}

/** The pool as the product sees it; only what runs within the transaction is counted. */
const pool = {
  query: (...given) => real.query(...given),
  connect: async () => {
    const client = await real.connect();
    client.on('error', () => undefined);
    return {
      query: async (...given) => {
        if (mode !== 'loop') await before();
        return client.query(...given);
      },
      release: (broken) => client.release(broken),
    };
  },
};

const key = LogKey.from(readFileSync(keyFile, 'utf8'));
let stopped = false;
process.once('SIGTERM', () => (stopped = true));
if (mode === 'loop') console.log('ready');
try {
  do {
    const result = await sequence(pool, key);
    if (mode === 'kill') process.kill(process.pid, 'SIGKILL');
    if (mode !== 'loop') console.log(result.kind);
    else if (result.kind !== 'grown') await new Promise((resolve) => setTimeout(resolve, 5));
    else console.log(`grown ${result.leaves}`);
  } while (mode === 'loop' && !stopped);
} catch (error) {
  console.log(`failed ${error.code ?? error.message}`);
}
await real.end().catch(() => undefined);
