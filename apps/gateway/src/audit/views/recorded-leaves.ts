import type { Pool } from 'pg';
import { readRecord, type PlainRecord } from '../search/plain-record.js';

/** A place in the log: what stands before it has been read. */
export interface LogPosition {
  readonly epoch: number;
  readonly position: number;
}

export interface RecordedLeaf extends LogPosition {
  /** Null when the term of the record has ended. */
  readonly record: PlainRecord | null;
}

const READ = `SELECT l.epoch, l.position, r.canonical FROM leaf l
  LEFT JOIN access_record r ON r.id = l.record_id AND r.at = l.record_at
  WHERE (l.epoch, l.position) >= ($1, $2) ORDER BY l.epoch, l.position LIMIT $3`;

/** Leaves with their records in the order of the log, which never changes: a cursor over it misses nothing. */
export async function readLeaves(pool: Pool, from: LogPosition, limit: number): Promise<readonly RecordedLeaf[]> {
  const { rows } = await pool.query<{ epoch: number; position: string; canonical: Buffer | null }>({
    name: 'log-leaves',
    text: READ,
    values: [from.epoch, from.position, limit],
  });
  return rows.map(({ epoch, position, canonical }) => ({
    epoch,
    position: Number(position),
    record: canonical === null ? null : readRecord(canonical),
  }));
}
