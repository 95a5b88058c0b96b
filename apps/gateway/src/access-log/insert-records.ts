import { binaryColumn } from '../storage/binary-array.js';
import type { PreparedRecord } from './access-record.js';

/** Runs SQL inside the caller's transaction, or in one of its own: a `pg` client or pool. */
export interface SqlClient {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<unknown>;
}

/** How many parameters `recordColumns` fills, and `recordsCte` refers to. */
export const RECORD_PARAMETERS = 12;

/**
 * The inserts as named parts of a WITH clause, for the one statement that writes a whole batch. The parameters are
 * those of `recordColumns`, from `$firstParameter` on. The pending leaf is what the sequencer takes up (libs/ledger).
 */
export function recordsCte(firstParameter: number): string {
  const p = (offset: number): string => `$${firstParameter + offset}`;
  return `new_access_record AS (
    INSERT INTO ketenpoort.access_record
      (id, at, canonical, salt, entry_digest, retention_class, expires_month, version)
    SELECT * FROM unnest(${p(0)}::uuid[], ${p(1)}::timestamptz[], ${p(2)}::bytea[], ${p(3)}::bytea[], ${p(4)}::bytea[],
      ${p(5)}::text[], ${p(6)}::text[], ${p(7)}::int[])
  ), new_access_record_subject AS (
    INSERT INTO ketenpoort.access_record_subject (record_id, at, subject_index)
    SELECT * FROM unnest(${p(8)}::uuid[], ${p(9)}::timestamptz[], ${p(10)}::bytea[])
  ), new_pending_leaf AS (
    INSERT INTO ketenpoort.pending_leaf (record_id, record_at, entry)
    SELECT * FROM unnest(${p(0)}::uuid[], ${p(1)}::timestamptz[], ${p(11)}::bytea[])
  )`;
}

/** The arrays behind the parameters of `recordsCte`: one element a record, then one element a (record, subject). */
export function recordColumns(records: readonly PreparedRecord[]): unknown[] {
  const subjects = records.flatMap(({ id, at, subjects: own }) => own.map(({ index }) => ({ id, at, index })));
  return [
    binaryColumn('uuid', records, (record) => record.id),
    binaryColumn('timestamptz', records, (record) => record.at),
    binaryColumn('bytea', records, (record) => record.canonical),
    binaryColumn('bytea', records, (record) => record.salt),
    binaryColumn('bytea', records, (record) => record.entryDigest),
    binaryColumn('text', records, (record) => record.retentionClass),
    binaryColumn('text', records, (record) => record.expiresMonth),
    binaryColumn('int', records, (record) => record.version),
    binaryColumn('uuid', subjects, (subject) => subject.id),
    binaryColumn('timestamptz', subjects, (subject) => subject.at),
    binaryColumn('bytea', subjects, (subject) => subject.index),
    binaryColumn('bytea', records, (record) => record.entry),
  ];
}

const INSERT_RECORDS = `WITH ${recordsCte(1)} SELECT`;

/** Writes the records in one statement, in the caller's transaction. */
export async function insertRecords(client: SqlClient, records: readonly PreparedRecord[]): Promise<void> {
  if (records.length === 0) return;
  await client.query({ name: 'insert-records', text: INSERT_RECORDS, values: recordColumns(records) });
}
