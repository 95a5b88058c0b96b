import { toRanges, type Erasure, type LeafRange } from './erasure.js';
import { isHeld } from './held.js';
import { recordErasure, transaction, type RetentionSession } from './retention-session.js';

/** Records of one transaction: a few hundred milliseconds. */
export const RECORDS_A_BATCH = 5_000;
/** An ERASURE record must fit in 32 kB; neighbours expire together, so there are rarely more than a few. */
const MAX_RANGES = 1_000;

interface Expired {
  readonly id: string;
  /** As the database writes it: to the microsecond. */
  readonly at: string;
  readonly epoch: number;
  readonly position: string;
}

/** Past its term, in the log, and not held. `$1`: the running month, `$2`: now. */
export const EXPIRED_RECORDS = `access_record r JOIN leaf l ON l.record_id = r.id
  WHERE r.expires_month < $1 AND r.retention_class <> 'PERMANENT' AND NOT ${isHeld('r.case_id', '$2::timestamptz')}`;
const PICK = `SELECT r.id, r.at::text, l.epoch, l.position FROM ${EXPIRED_RECORDS} ORDER BY r.expires_month LIMIT $3`;
const REMOVE = `DELETE FROM access_record r USING unnest($1::uuid[], $2::timestamptz[]) AS t(id, at)
  WHERE r.id = t.id AND r.at = t.at`;
const REMOVE_SUBJECTS = `DELETE FROM access_record_subject s USING unnest($1::uuid[], $2::timestamptz[]) AS t(id, at)
  WHERE s.record_id = t.id AND s.at = t.at`;

/** Removes one batch of expired records with their salts and index rows; null when there are none. */
export function eraseExpiredRecords(session: RetentionSession, limit: number): Promise<Erasure | null> {
  const { client, now } = session;
  return transaction(client, async () => {
    const { rows } = await client.query<Expired>(PICK, [monthOf(now), now, Math.min(limit, RECORDS_A_BATCH)]);
    const [first] = rows;
    if (!first) return null;
    const batch = inOneRecord(rows.filter(({ epoch }) => epoch === first.epoch));
    await removeRecords(session, batch.rows);
    return recordErasure(session, {
      what: 'RECORDS',
      epoch: first.epoch,
      ranges: batch.ranges,
      count: batch.rows.length,
      replays: [],
    });
  });
}

/** @throws when fewer went than were named: then nothing of the transaction stands. */
export async function removeRecords({ client }: RetentionSession, rows: readonly Pick<Expired, 'id' | 'at'>[]) {
  const keys = [rows.map(({ id }) => id), rows.map(({ at }) => at)];
  const { rowCount } = await client.query(REMOVE, keys);
  if (rowCount !== rows.length) throw new Error(`${rowCount} of ${rows.length} records could be removed`);
  await client.query(REMOVE_SUBJECTS, keys);
}

/** As many of the rows as one ERASURE record can name. */
function inOneRecord(rows: readonly Expired[]): { readonly rows: readonly Expired[]; readonly ranges: LeafRange[] } {
  const sorted = rows.toSorted((a, b) => Number(a.position) - Number(b.position));
  const ranges = toRanges(sorted.map(({ position }) => Number(position))).slice(0, MAX_RANGES);
  const last = ranges.at(-1)?.[1] ?? -1;
  return { rows: sorted.filter(({ position }) => Number(position) <= last), ranges };
}

/** `YYYY-MM` in UTC, as the expiry month of an entry. */
export function monthOf(instant: Date): string {
  return instant.toISOString().slice(0, 7);
}
