import { afterEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { Relay } from './relay.js';

/** Well below the second after which the relay looks by itself. */
const AT_ONCE_MS = 300;
const nobody = { send: () => Promise.resolve(), close: () => Promise.resolve() };
const origin = { gatewayOin: '00000099000000000001', gatewayUrl: 'https://localhost' };

/** A database in which nothing waits; each look takes as long as the test wants. */
class QuietDatabase {
  looks = 0;
  private readonly held: (() => void)[] = [];

  query(): Promise<{ rows: readonly never[] }> {
    this.looks += 1;
    return new Promise((resolve) => this.held.push(() => resolve({ rows: [] })));
  }

  letLook(): void {
    this.held.shift()?.();
  }
}

describe('the relay', () => {
  let relay: Relay;
  let database: QuietDatabase;

  const start = (): void => {
    database = new QuietDatabase();
    relay = new Relay(database as unknown as Pool, nobody, origin, pino({ level: 'silent' }));
  };
  afterEach(async () => {
    const closing = relay.close();
    while (database.looks > 0 && !(await Promise.race([closing.then(() => true), sleep(5).then(() => false)])))
      database.letLook();
  });

  it('looks again at once when it is woken while it looks', async () => {
    start();
    relay.wake();
    database.letLook();
    await sleep(AT_ONCE_MS);
    expect(database.looks).toBe(2);
  });

  it('looks again at once when it is woken while it waits, and otherwise not', async () => {
    start();
    database.letLook();
    await sleep(AT_ONCE_MS);
    expect(database.looks).toBe(1);
    relay.wake();
    await sleep(50);
    expect(database.looks).toBe(2);
  });
});
