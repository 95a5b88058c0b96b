import { isPortFree } from '../../support/free-port.js';

/** Below what the system gives to outgoing connections: a process that is down must find its own port free again. */
const FIRST = 20_000;
const LAST = 31_000;
let next = FIRST + (process.pid % (LAST - FIRST));

/** A free port of 127.0.0.1, a different one each time. */
export async function lastingPort(): Promise<number> {
  for (let tries = 0; tries < LAST - FIRST; tries += 1) {
    const port = (next = next >= LAST ? FIRST : next + 1);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST}`);
}
