import type { Pool, PoolClient } from 'pg';

/** Runs `work` in one transaction on one connection; rolls back and rethrows when it rejects. */
export function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  return transaction(pool, 'BEGIN', work);
}

/**
 * The same, for the named statements of the hot path. PostgreSQL would plan those anew each time, since it takes a few
 * rows for many; planning one batch took longer than writing it. And a plan that was made while a table was empty must
 * not read all of it when it has grown: every row is found by its key, from the few that are asked for.
 */
export function inHotTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  return transaction(pool, HOT_BEGIN, work);
}

/**
 * The same on a connection that the caller holds for longer than one transaction. When `work` rejects, the connection is
 * left inside the broken transaction: the caller gives it up (`release` with the error), and with it what it had locked.
 */
export async function hotOn<Result>(client: PoolClient, work: () => Promise<Result>): Promise<Result> {
  await client.query(HOT_BEGIN);
  const result = await work();
  await client.query('COMMIT');
  return result;
}

const HOT_BEGIN =
  'BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; ' +
  'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off';

async function transaction<Result>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: unknown) => {
      // The connection is gone or in an unknown state: it must not go back to the pool.
      broken = failure instanceof Error ? failure : new Error('rollback failed');
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
