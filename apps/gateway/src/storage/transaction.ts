import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';

/**
 * Statements whose rows nobody needs. They go out at once, in order with those of the client; the transaction waits for
 * them together with its commit, and rejects with the first that failed.
 */
export interface Writer {
  query(statement: QueryConfig): Promise<void>;
}

type Work<Result> = (client: PoolClient, writer: Writer) => Promise<Result>;

/**
 * Runs `work` in one transaction on one connection; rolls back and rethrows when it rejects. What need not wait for an
 * answer does not: BEGIN goes out with the first statement, and COMMIT with what the writer sent last. Each way to the
 * database and back costs more than most statements.
 */
export function inTransaction<Result>(pool: Pool, work: Work<Result>): Promise<Result> {
  return transaction(pool, 'BEGIN', work);
}

/**
 * The same, for the named statements of the hot path. PostgreSQL would plan those anew each time, since it takes a few
 * rows for many; planning one batch took longer than writing it. And a plan that was made while a table was empty must
 * not read all of it when it has grown: every row is found by its key, from the few that are asked for.
 */
export function inHotTransaction<Result>(pool: Pool, work: Work<Result>): Promise<Result> {
  return transaction(pool, HOT_BEGIN, work);
}

/**
 * One statement in a hot transaction of its own, there and back once. On a connection that the caller holds, and
 * gives up (`release` with the error) when it rejects, with all that the connection had locked.
 */
export async function hotQuery<Row extends QueryResultRow>(
  client: PoolClient,
  query: QueryConfig,
): Promise<QueryResult<Row>> {
  // A COMMIT behind a statement that failed rolls back.
  const [, result] = await Promise.all([client.query(HOT_BEGIN), client.query<Row>(query), client.query('COMMIT')]);
  return result;
}

/** The same on a connection of its own. */
export async function hotQueryOf<Row extends QueryResultRow>(
  pool: Pool,
  query: QueryConfig,
): Promise<QueryResult<Row>> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    return await hotQuery<Row>(client, query);
  } catch (error) {
    failure = error instanceof Error ? error : new Error('a statement failed');
    throw failure;
  } finally {
    client.release(failure);
  }
}

/** Settings of a hot transaction, for tests that look at its plans. */
export const HOT_BEGIN =
  'BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; ' +
  'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off';

async function transaction<Result>(pool: Pool, begin: string, work: Work<Result>): Promise<Result> {
  const client = await pool.connect();
  const sent: Promise<unknown>[] = [];
  const send = (statement: string | QueryConfig): Promise<QueryResult> => {
    const answer = client.query(statement);
    answer.catch(() => undefined);
    sent.push(answer);
    return answer;
  };
  let broken: Error | undefined;
  try {
    void send(begin);
    const result = await work(client, {
      query: (statement) => {
        void send(statement);
        return Promise.resolve();
      },
    });
    const committed = send('COMMIT');
    for (const answer of sent) await answer;
    // What it answers when a statement had failed and somebody had caught the error: nothing of it is there.
    if ((await committed).command !== 'COMMIT') throw new Error('the transaction was rolled back at its end');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: unknown) => {
      // The connection is gone or in an unknown state: it must not go back to the pool.
      broken = failure instanceof Error ? failure : new Error('rollback failed');
    });
    // What followed the first failure failed only because of it.
    throw (await firstFailure(sent)) ?? error;
  } finally {
    client.release(broken);
  }
}

async function firstFailure(sent: readonly Promise<unknown>[]): Promise<unknown> {
  for (const answer of await Promise.allSettled(sent)) if (answer.status === 'rejected') return answer.reason;
  return null;
}
