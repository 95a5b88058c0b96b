import { afterEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { Relay } from './relay.js';

/** Well below the second after which the relay looks by itself. */
const AT_ONCE_MS = 300;
const nobody = { send: () => Promise.resolve(), close: () => Promise.resolve() };
const origin = { gatewayOin: '00000099000000000001', gatewayUrl: 'https://localhost' };

/** What a relay is told that gets its turn. */
const TURN = { ok: true, sequence: '0', resends: '0', last: '1' };

/** A database in which nothing waits; each look takes as long as the test wants. */
class QuietDatabase {
  looks = 0;
  private readonly held: (() => void)[] = [];

  connect() {
    return Promise.resolve({ query: (statement: unknown) => this.query(statement), release: () => undefined });
  }

  private query(statement: unknown): Promise<{ rows: readonly never[] }> {
    // What begins and ends a transaction is a text, what looks has a name.
    if (typeof statement === 'string') return Promise.resolve({ rows: [] });
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
    await sleep(0);
    relay.wake();
    database.letLook();
    await sleep(AT_ONCE_MS);
    expect(database.looks).toBe(2);
  });

  it('looks again at once when it is woken while it waits, and otherwise not', async () => {
    start();
    await sleep(0);
    database.letLook();
    await sleep(AT_ONCE_MS);
    expect(database.looks).toBe(1);
    relay.wake();
    await sleep(50);
    expect(database.looks).toBe(2);
  });

  it('serves the others while the broker hangs on one recipient, and ends when that one does', async () => {
    const served: string[] = [];
    let release = (): void => undefined;
    const hangs = new Promise<void>((resolve) => (release = resolve));
    const producer = {
      send: (topic: string) => (topic.endsWith('A') ? hangs : Promise.resolve(void served.push(topic))),
      close: () => Promise.resolve(),
    };
    const waiting = new Set(['A', 'B', 'C'].map((end) => `0000009900000000000${end}`));
    const client = {
      query: (statement: string | { name: string; values?: readonly unknown[] }, values?: readonly string[]) => {
        if (typeof statement === 'string') return Promise.resolve({ rows: values ? [TURN] : [] });
        if (statement.name === 'relay-recipients') {
          return Promise.resolve({ rows: [...waiting].map((oin) => ({ oin })) });
        }
        const oin = String(statement.values?.[0]);
        return Promise.resolve({ rows: statement.name === 'relay-turn' && waiting.delete(oin) ? [row(oin)] : [] });
      },
      release: () => undefined,
    };
    const pool = { connect: () => Promise.resolve(client) };
    const started = new Relay(pool as unknown as Pool, producer, origin, pino({ level: 'silent' }));
    relay = started;
    database = new QuietDatabase();
    await sleep(AT_ONCE_MS);
    expect(served.map((topic) => topic.at(-1))).toEqual(['B', 'C']);
    release();
    await started.close();
  });

  it('looks again at once for a recipient that got work while a turn of his had read nothing', async () => {
    let turns = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const client = {
      query: async (statement: string | { name: string }, values?: readonly string[]) => {
        if (typeof statement === 'string') return { rows: values ? [TURN] : [] };
        if (statement.name === 'relay-recipients') return { rows: turns < 2 ? [{ oin: '00000099000000000001' }] : [] };
        if (statement.name !== 'relay-turn') return { rows: [] };
        turns += 1;
        await held;
        return { rows: [] };
      },
      release: () => undefined,
    };
    const pool = { connect: () => Promise.resolve(client) };
    const started = new Relay(pool as unknown as Pool, nobody, origin, pino({ level: 'silent' }));
    relay = started;
    database = new QuietDatabase();
    await sleep(50);
    started.wake();
    await sleep(50);
    expect(turns).toBe(1);
    release();
    await sleep(AT_ONCE_MS);
    expect(turns).toBe(2);
    await started.close();
  });
});

/** What the relay reads of a delivery. */
function row(recipientOin: string) {
  return {
    id: 'd',
    messageId: '0198f0b4-7c5e-7b1a-9c1c-000000000001',
    recipientOin,
    family: 'control',
    partitionKey: 'k',
    sequence: '1',
    caseSequence: null,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
    acceptedAt: new Date(),
  };
}
