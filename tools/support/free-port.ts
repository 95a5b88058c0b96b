import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

/**
 * Below what Linux (32768-60999) and macOS (49152-65535) give to outgoing connections: there a connection of anybody
 * could take the port before who asked for it has bound it, or while a server that keeps its port restarts.
 */
const FIRST = 15_000;
const COUNT = 17_000;
const TRIES = 100;

let next = randomInt(COUNT);

/**
 * A TCP port of this host that nobody listened on a moment ago. One process gets a different one at each call, until
 * all have been given; nothing reserves it against other processes.
 *
 * @throws Error when a hundred ports in a row were taken.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isPortFree(port, host)) return port;
  }
  throw new Error(`${TRIES} ports in a row below ${FIRST + next} are taken`);
}

/** Whether a listener can be bound to this port now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
