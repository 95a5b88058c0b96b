import type { PoolClient } from 'pg';
import type { Leaf } from '../../access-log/log/inclusion-proofs.js';
import { recordTime } from '../../access-log/record-time.js';
import type { SightColumns } from '../sight.js';

/** All that is stored of one record, and its place in the log. */
export interface EntryRow extends SightColumns {
  readonly canonical: Buffer;
  readonly salt: Buffer;
  /** Keyed indexes of the persons whom it is about. */
  readonly subjects: readonly Buffer[];
  /** Null while the record is no leaf yet. */
  readonly leaf: Leaf | null;
}

interface Row extends Omit<EntryRow, 'leaf'>, Record<string, unknown> {
  readonly epoch: number | null;
  readonly position: string;
  readonly entry: Buffer;
}

const READ = `SELECT r.canonical, r.salt, r.concerns, r.processing_activity AS "processingActivity",
    ARRAY(SELECT s.subject_index FROM access_record_subject s WHERE s.record_id = $1 AND s.at = $2) AS subjects,
    l.epoch, l.position::text, l.entry
  FROM access_record r LEFT JOIN leaf l ON l.record_id = $1 WHERE r.id = $1 AND r.at = $2`;

export async function readEntryRow(client: PoolClient, id: string): Promise<EntryRow | undefined> {
  const { rows } = await client.query<Row>({ name: 'audit-entry', text: READ, values: [id, recordTime(id)] });
  if (!rows[0]) return undefined;
  const { epoch, position, entry, ...row } = rows[0];
  return { ...row, leaf: epoch === null ? null : { id, epoch, position, entry } };
}
