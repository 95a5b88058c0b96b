import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { toGatewayError } from '../apps/gateway/src/http/translate-error.js';
import { DatabaseClient } from '../apps/gateway/src/storage/database-client.js';
import { openOwnDatabase, type OwnDatabase } from './support/own-database.js';

/** The connections of the gateway: what a query needed goes with it, and a silent server holds nobody up. */
const SILENCE_MS = 300;
/** Few and small enough that V8 does not think of a full collection by itself. */
const VALUE_BYTES = 200_000;
const QUERIES = 30;

let database: OwnDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await openOwnDatabase();
  client = await connected(new DatabaseClient({ connectionString: database.urls.app, silenceMs: SILENCE_MS }));
}, 60_000);
afterAll(async () => {
  await client.end();
  await database.close();
});

async function connected<Client extends pg.Client>(fresh: Client): Promise<Client> {
  fresh.on('error', () => undefined);
  await fresh.connect();
  return fresh;
}

/** Share of what was sent that is still there when only young objects have been collected. */
async function leftBehind(by: pg.Client): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: { readonly type: 'minor' | 'major' }) => void;
  collect({ type: 'major' });
  const before = process.memoryUsage().arrayBuffers;
  for (let n = 0; n < QUERIES; n += 1) {
    await by.query({ name: 'size', text: 'SELECT length($1::bytea)', values: [Buffer.alloc(VALUE_BYTES)] });
  }
  collect({ type: 'minor' });
  collect({ type: 'minor' });
  return (process.memoryUsage().arrayBuffers - before) / (QUERIES * VALUE_BYTES);
}

/** V8 may collect everything meanwhile, and other work of this process may leave something: one of three is undisturbed. */
async function severalTimes(by: pg.Client): Promise<readonly number[]> {
  return [await leftBehind(by), await leftBehind(by), await leftBehind(by)];
}

describe('a connection of the gateway', () => {
  it('lets go of what a query needed, which the client of pg keeps until all memory is collected', async () => {
    const plain = await connected(new pg.Client({ connectionString: database.urls.app }));
    try {
      expect(Math.max(...(await severalTimes(plain)))).toBeGreaterThan(0.5);
    } finally {
      await plain.end();
    }
    expect(Math.min(...(await severalTimes(client)))).toBeLessThan(0.25);
  }, 60_000);

  it('is asked in every way that pg knows', async () => {
    const text = 'SELECT $1::int AS n';
    const answers = [
      await client.query<{ n: number }>(text, [1]),
      await client.query<{ n: number }>({ text, values: [2] }),
      await client.query<{ n: number }>({ text }, [3]),
      await new Promise<pg.QueryResult<{ n: number }>>((resolve, reject) =>
        client.query<{ n: number }>(text, [4], (error, result) => (error ? reject(error) : resolve(result))),
      ),
      await new Promise<pg.QueryResult<{ n: number }>>((resolve, reject) =>
        client.query<{ n: number }>('SELECT 5 AS n', (error, result) => (error ? reject(error) : resolve(result))),
      ),
    ];
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3, 4, 5]);
    await expect(client.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
  });

  it('leaves the statement it was given as it was', async () => {
    const statement = { name: 'same', text: 'SELECT 1' };
    await client.query(statement);
    expect(Object.keys(statement)).toEqual(['name', 'text']);
  });

  it('hangs up on a server that owes an answer and is silent, and on no other', async () => {
    await sleep(3 * SILENCE_MS);
    expect((await client.query('SELECT 1')).rowCount).toBe(1);
    const waiting: pg.Client = await connected(
      new DatabaseClient({ connectionString: database.urls.app, silenceMs: SILENCE_MS }),
    );
    // It has been idle for longer than that, and has not been given up.
    await sleep(2 * SILENCE_MS);
    const askedMs = performance.now();
    const error: unknown = await waiting.query('SELECT pg_sleep(20)').catch((thrown: unknown) => thrown);
    expect(performance.now() - askedMs).toBeLessThan(10_000);
    expect(error).toMatchObject({ message: 'the database does not answer' });
    // The caller hears that it may come back: an error of ours would wake somebody, and tell it not to.
    expect(toGatewayError(error).code).toBe('LOG_UNAVAILABLE');
  });
});
