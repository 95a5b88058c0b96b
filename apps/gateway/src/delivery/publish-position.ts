import type { PoolClient } from 'pg';

/** Up to which `sequence` a recipient's deliveries are published, as a relay has read it (migration 0017). */
export interface PublishPosition {
  readonly sequence: string;
  /** How often a lower one was to be published again. */
  readonly resends: string;
  /** Highest number that was given when this was read: with it, all lower ones are visible. */
  readonly last: string;
}

/** Recipients with deliveries that nobody has looked at yet. */
export const BEHIND = `SELECT c.recipient_oin AS oin FROM recipient_counter c
  LEFT JOIN publish_position p ON p.recipient_oin = c.recipient_oin
  WHERE c.last_sequence > coalesce(p.sequence, 0) ORDER BY c.recipient_oin`;

/** The position of recipient `$1`, for whoever gets its turn; it is nobody else's until the lock is given back. */
export const TAKE_TURN = `SELECT pg_try_advisory_lock(hashtextextended($1, 4)) AS ok,
    coalesce(p.sequence, 0) AS sequence, coalesce(p.resends, 0) AS resends, c.last_sequence AS last
  FROM recipient_counter c LEFT JOIN publish_position p ON p.recipient_oin = c.recipient_oin WHERE c.recipient_oin = $1`;

/**
 * Moves recipient `$1` from `$2` with `$3` resends to `$4`; not when it has moved meanwhile. Stands behind the part
 * `marked` of its statement and waits for all of it: whoever releases deliveries locks them first and the position
 * after, and two that lock in different orders may wait for each other.
 */
export const MOVE_ON = `INSERT INTO publish_position AS p (recipient_oin, sequence, resends)
  SELECT $1::text, $4::bigint, $3::bigint FROM (SELECT count(*) FROM marked) AS done
  ON CONFLICT (recipient_oin) DO UPDATE SET sequence = excluded.sequence WHERE p.sequence = $2 AND p.resends = $3`;

/** These deliveries of a recipient are to be published once more: the relay begins again before the first of them. */
export async function publishedAgain(
  client: PoolClient,
  recipientOin: string,
  deliveries: readonly { readonly sequence: string | null }[],
): Promise<void> {
  const numbers = deliveries.flatMap(({ sequence }) => (sequence === null ? [] : [BigInt(sequence)]));
  const [first] = numbers;
  if (first === undefined) return;
  const lowest = numbers.reduce((least, one) => (one < least ? one : least), first);
  await client.query(
    `INSERT INTO publish_position AS p (recipient_oin, sequence, resends) VALUES ($1, 0, 1)
       ON CONFLICT (recipient_oin) DO UPDATE SET sequence = least(p.sequence, $2::bigint - 1), resends = p.resends + 1`,
    [recipientOin, String(lowest)],
  );
}
