import type { Pool } from 'pg';
import { ADVISORY_LOCKS } from '../../storage/advisory-locks.js';
import { inHotTransaction } from '../../storage/transaction.js';
import { growTree } from './grow-tree.js';
import type { LogKey } from './log-key.js';
import type { SqlReader } from './sql-reader.js';
import { lockNewestHead, type TreeHead } from './tree-head.js';

/** Leaves of one cycle: some tenths of a second of work, well within the time that a statement may take. */
export const MAX_LEAVES = 10_000;

/** What one cycle came to. `busy`: another process is at it. */
export type CycleResult =
  | { readonly kind: 'grown'; readonly head: TreeHead; readonly leaves: number }
  | { readonly kind: 'idle' | 'busy' | 'halted' };

const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock($1) AS taken';
const ANY_PENDING = 'SELECT EXISTS (SELECT FROM ketenpoort.pending_leaf) AS pending';
/**
 * In the order of record ids: UUIDv7, so about that of time. The leaf keeps its record's id and time to be found by. Taken
 * up to the last of them, one way through the index: asked which ids are among the first, the database compares each with
 * each when it believes the table empty, and a backlog then never ends.
 */
const PLACE_LEAVES = `WITH taken AS (
    DELETE FROM ketenpoort.pending_leaf WHERE record_id <= coalesce(
      (SELECT record_id FROM ketenpoort.pending_leaf ORDER BY record_id OFFSET $3 - 1 LIMIT 1),
      'ffffffff-ffff-ffff-ffff-ffffffffffff')
    RETURNING record_id, record_at, entry
  ), numbered AS (
    SELECT record_id, record_at, entry, row_number() OVER (ORDER BY record_id) - 1 AS nth FROM taken
  ), placed AS (
    INSERT INTO ketenpoort.leaf (epoch, position, record_id, record_at, entry)
    SELECT $1::smallint, $2::bigint + nth, record_id, record_at, entry FROM numbered
  )
  SELECT entry FROM numbered ORDER BY nth`;

/**
 * One cycle of the sequencer (design 9), in one transaction: all of it is there afterwards, or nothing. Any number of
 * processes may try at once; the advisory lock saves them the work, the lock on the head and the compare-and-set make it
 * right. docs/life-of-an-access-record.md says what a crash leaves at each step.
 */
export async function sequence(pool: Pool, key: LogKey): Promise<CycleResult> {
  const { rows } = await pool.query<{ pending: boolean }>(ANY_PENDING);
  if (rows[0]?.pending !== true) return { kind: 'idle' };
  return inHotTransaction(pool, async (client) => {
    if (!(await tryLock(client))) return { kind: 'busy' };
    const head = await lockNewestHead(client);
    if (!head || head.halted !== null) return { kind: 'halted' };
    const placed = [head.epoch, head.edge.size, MAX_LEAVES];
    const entries = (await client.query<{ entry: Buffer }>(PLACE_LEAVES, placed)).rows.map((row) => row.entry);
    if (entries.length === 0) return { kind: 'idle' };
    return { kind: 'grown', head: await growTree(client, head, entries, key), leaves: entries.length };
  });
}

async function tryLock(client: SqlReader): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(TRY_LOCK, [ADVISORY_LOCKS.log]);
  return rows[0]?.taken === true;
}
