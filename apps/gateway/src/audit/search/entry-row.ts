import type { PoolClient } from 'pg';
import { recordTime } from '../../access-log/record-time.js';
import type { SightColumns } from '../sight.js';

/** All that is stored of one record, and its place in the log. */
export interface EntryRow extends SightColumns {
  readonly canonical: Buffer;
  readonly salt: Buffer;
  /** Keyed indexes of the persons whom it is about. */
  readonly subjects: readonly Buffer[];
}

const READ = `SELECT r.canonical, r.salt, r.concerns, r.processing_activity AS "processingActivity",
    ARRAY(SELECT s.subject_index FROM access_record_subject s WHERE s.record_id = $1 AND s.at = $2) AS subjects
  FROM access_record r WHERE r.id = $1 AND r.at = $2`;

export async function readEntryRow(client: PoolClient, id: string): Promise<EntryRow | undefined> {
  const { rows } = await client.query<EntryRow>({ name: 'audit-entry', text: READ, values: [id, recordTime(id)] });
  return rows[0];
}
