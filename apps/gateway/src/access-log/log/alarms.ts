import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { inTransaction } from '../../storage/transaction.js';
import type { SqlReader } from './sql-reader.js';

/**
 * What a witness holds against the log. FORK: a checkpoint that is not the beginning of this tree. SHRINK: one that is
 * larger than this tree, so that leaves are gone (a restored database, or worse).
 */
export type AlarmKind = 'FORK' | 'SHRINK';

export interface Alarm {
  readonly kind: AlarmKind;
  readonly witness: string;
  readonly epoch: number;
  /** What the witness has seen. */
  readonly size: number;
  /** Size of the log here, when it was compared. */
  readonly ownSize: number;
  /** The note that the log signed, when the witness showed it: evidence. */
  readonly note?: string;
}

/** A witness that keeps showing the same note is one alarm. */
const INSERT = `INSERT INTO ketenpoort.log_alarm (at, kind, witness, details)
  SELECT clock_timestamp(), $1, $2, $3::jsonb WHERE NOT EXISTS (SELECT FROM ketenpoort.log_alarm
    WHERE kind = $1 AND witness = $2 AND details ->> 'epoch' = $3::jsonb ->> 'epoch'
      AND details ->> 'size' = $3::jsonb ->> 'size')`;
const HALT = `UPDATE ketenpoort.tree_head SET halted = coalesce(halted, $2) WHERE epoch = $1`;
const LARGEST_WITNESSED = `SELECT max((details ->> 'size')::bigint) AS size FROM ketenpoort.log_alarm
  WHERE kind = 'SHRINK' AND (details ->> 'epoch')::int = $1`;

/** Raises the alarm and halts the epoch: what is appended now would stand on a history that others know otherwise. */
export async function raiseAlarm(pool: Pool, log: Logger, alarm: Alarm): Promise<void> {
  const { kind, witness, ...details } = alarm;
  const reason = `${kind}: ${witness} has seen size ${alarm.size}, this log had ${alarm.ownSize}`;
  const isNew = await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(INSERT, [kind, witness, JSON.stringify(details)]);
    await client.query(HALT, [alarm.epoch, reason]);
    return rowCount === 1;
  });
  const { epoch, size, ownSize } = alarm;
  if (isNew) log.error({ kind, witness, epoch, size, ownSize }, 'a witness knows another log; the log is halted');
}

/** The largest size that a witness proved to have seen beyond this log's own; 0 when none did. */
export async function largestWitnessed(client: SqlReader, epoch: number): Promise<number> {
  const { rows } = await client.query<{ size: string | null }>(LARGEST_WITNESSED, [epoch]);
  return Number(rows[0]?.size ?? 0);
}
