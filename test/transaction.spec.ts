import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';
import { poolOf } from '../apps/gateway/src/storage/pool-of.js';
import { hotQueryOf, inHotTransaction, inTransaction } from '../apps/gateway/src/storage/transaction.js';
import { openOwnDatabase, runAs, type OwnDatabase } from './support/own-database.js';

let database: OwnDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await openOwnDatabase();
  await runAs(database.urls.owner, 'CREATE TABLE ketenpoort.scratch (n int PRIMARY KEY)');
  await runAs(database.urls.owner, 'GRANT SELECT, INSERT, DELETE ON ketenpoort.scratch TO ketenpoort_app');
  pool = poolOf(database.app);
}, 60_000);
afterAll(async () => await database.close());
beforeEach(async () => void (await pool.query('DELETE FROM scratch')));

const insert = (n: number) => ({ name: 'scratch-insert', text: 'INSERT INTO scratch VALUES ($1)', values: [n] });
const rows = async (): Promise<number[]> =>
  (await pool.query<{ n: number }>('SELECT n FROM scratch ORDER BY n')).rows.map(({ n }) => n);
const UNIQUE_VIOLATION = { code: '23505' };

/** Tells `note` each time that bytes leave for the database or come from it, on this connection from now on. */
function watch(client: PoolClient, note: (way: string) => void): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (...args: unknown[]) => {
    note('there ');
    return write(...args);
  };
  stream.on('data', () => note('back '));
}

describe.each([
  ['inTransaction', inTransaction],
  ['inHotTransaction', inHotTransaction],
])('%s', (_, transaction) => {
  it('commits what the client and the writer sent, in their order', async () => {
    const seen = await transaction(pool, async (client, writer) => {
      await writer.query(insert(1));
      const { rows: before } = await client.query<{ n: number }>('SELECT n FROM scratch');
      await writer.query(insert(2));
      return before;
    });
    expect(seen).toEqual([{ n: 1 }]);
    expect(await rows()).toEqual([1, 2]);
  });

  it('sends the statements of the writer and the commit before the first answer has come', async () => {
    let waysThereAndBack = '';
    const note = (way: string) => void (waysThereAndBack += waysThereAndBack.endsWith(way) ? '' : way);
    await transaction(pool, async (client, writer) => {
      watch(client, note);
      await writer.query(insert(1));
      await writer.query(insert(2));
    });
    expect(waysThereAndBack).toBe('there back ');
    expect(await rows()).toEqual([1, 2]);
  });

  it('rejects with what failed first, and not with what failed because of it', async () => {
    const work = transaction(pool, async (client, writer) => {
      await writer.query(insert(1));
      await writer.query(insert(1));
      await writer.query(insert(2));
      await client.query('SELECT 1');
    });
    await expect(work).rejects.toMatchObject(UNIQUE_VIOLATION);
    expect(await rows()).toEqual([]);
  });

  it('rejects when the last statement fails, behind which the commit had gone out already', async () => {
    const work = transaction(pool, async (_client, writer) => {
      await writer.query(insert(1));
      await writer.query(insert(1));
    });
    await expect(work).rejects.toMatchObject(UNIQUE_VIOLATION);
    expect(await rows()).toEqual([]);
  });

  it('takes back what was sent when the work itself rejects', async () => {
    const work = transaction(pool, async (_client, writer) => {
      await writer.query(insert(1));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });

  it('never says that it is done when somebody swallowed an error, after which the database keeps nothing', async () => {
    const work = transaction(pool, async (client) => {
      await client.query(insert(1));
      await client.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await rows()).toEqual([]);
  });

  it('leaves no connection inside a transaction', async () => {
    const states = async () =>
      (await pool.query<{ xact: boolean }>(
        `SELECT DISTINCT state LIKE 'idle in%' AS xact FROM pg_stat_activity WHERE datname = current_database() AND usename = 'ketenpoort_app' AND pid <> pg_backend_pid()`,
      )).rows; // prettier-ignore
    await Promise.allSettled(
      [1, 1, 2, 2, 3].map((n) => transaction(pool, (_client, writer) => writer.query(insert(n)))),
    );
    expect(await states()).toEqual([{ xact: false }]);
    expect(await rows()).toEqual([1, 2, 3]);
  });
});

describe('hotQueryOf', () => {
  it('answers with the rows of its one statement, which is there afterwards', async () => {
    const text = 'INSERT INTO scratch VALUES ($1) RETURNING n';
    expect((await hotQueryOf(pool, { name: 'scratch-returning', text, values: [7] })).rows).toEqual([{ n: 7 }]);
    expect(await rows()).toEqual([7]);
  });

  it('rejects when the statement fails, and the pool lives on', async () => {
    await hotQueryOf(pool, insert(1));
    await expect(hotQueryOf(pool, insert(1))).rejects.toMatchObject(UNIQUE_VIOLATION);
    expect(await rows()).toEqual([1]);
  });
});
