import { toRanges, type ErasedKind, type Erasure } from './erasure.js';
import { closeCases } from './expired-cases.js';
import { removeContents } from './expired-contents.js';
import { monthOf, removeRecords } from './expired-records.js';
import { recordErasure, transaction, type RetentionSession } from './retention-session.js';

interface Named {
  readonly id: string;
  readonly at: string;
  readonly position: string;
}

const IN_RANGES = `l.epoch = $1 AND EXISTS (SELECT 1 FROM unnest($2::bigint[], $3::bigint[]) AS e(first, last)
  WHERE l.position BETWEEN e.first AND e.last)`;
/**
 * What of an erasure is here. Never what came after it: a log that went on from a backup gives the same positions to other
 * records. And of records nothing that was not past its term then, whatever the erasure says. `$4` its time, `$5` its month.
 */
const FIND: Readonly<Record<ErasedKind, string>> = {
  RECORDS: `SELECT r.id, r.at::text, l.position FROM leaf l JOIN access_record r ON r.id = l.record_id AND r.at = l.record_at
    WHERE ${IN_RANGES} AND r.at < $4::timestamptz AND r.expires_month < $5 AND r.retention_class <> 'PERMANENT'`,
  NOTIFICATIONS: `SELECT c.message_id AS id, m.accepted_at::text AS at, l.position
    FROM leaf l JOIN message m ON m.record_id = l.record_id JOIN content c ON c.message_id = m.id
    WHERE ${IN_RANGES} AND m.accepted_at < $4::timestamptz AND $5::text IS NOT NULL`,
  CASES: `SELECT k.id, m.accepted_at::text AS at, l.position
    FROM leaf l JOIN message m ON m.record_id = l.record_id JOIN case_event o ON o.message_id = m.id AND o.n = 1
    JOIN lvv_case k ON k.id = o.case_id
    WHERE ${IN_RANGES} AND m.accepted_at < $4::timestamptz AND $5::text IS NOT NULL AND k.person_id IS NOT NULL FOR UPDATE OF k`,
};

/**
 * Does one erasure again that a restored database has lost, in one transaction, and records that it did: the new ERASURE
 * record names what went now, and the record that it stands for, so that it is not asked for again.
 */
export function replayErasure(session: RetentionSession, erasure: Erasure): Promise<Erasure> {
  const { client, now } = session;
  return transaction(client, async () => {
    const month = [monthOf(new Date(erasure.at)), monthOf(now)].sort()[0];
    const { rows } = await client.query<Named>(FIND[erasure.what], [
      erasure.epoch,
      erasure.ranges.map(([first]) => first),
      erasure.ranges.map(([, last]) => last),
      erasure.at,
      month,
    ]);
    await remove(session, erasure.what, rows);
    return recordErasure(session, {
      what: erasure.what,
      epoch: erasure.epoch,
      ranges: toRanges(rows.map(({ position }) => Number(position))),
      count: rows.length,
      replays: [erasure.recordId],
    });
  });
}

function remove(session: RetentionSession, what: ErasedKind, rows: readonly Named[]): Promise<void> {
  if (what === 'RECORDS') return removeRecords(session, rows);
  const ids = rows.map(({ id }) => id);
  return what === 'CASES' ? closeCases(session, ids) : removeContents(session, ids);
}
