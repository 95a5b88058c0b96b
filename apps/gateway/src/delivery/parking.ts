import type { PoolClient } from 'pg';
import { publishedAgain } from './publish-position.js';

export interface CaseDelivery {
  readonly id: string;
  readonly recipientOin: string;
  readonly caseId: string | null;
  readonly caseSequence: number | null;
}

/** A failed delivery holds up what comes after it in the case, until it is taken, withdrawn, redriven or skipped. */
const HOLDS_UP = `state IN ('PARKED', 'DEAD') AND failure_code IS NOT NULL AND skipped_at IS NULL`;

/**
 * Parks a message that its recipient cannot take, and all later ones of the case for that recipient: order per case
 * holds, other cases go on. One that was withdrawn, taken or passed over meanwhile holds up nobody: nothing happens then.
 * The caller holds the case lock, under which new deliveries are made.
 */
export async function parkFrom(client: PoolClient, delivery: CaseDelivery, code: string): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE delivery SET state = 'PARKED', parked_at = now(), failures = failures + 1, failure_code = $2
     WHERE id = $1 AND state IN ('OUTSTANDING', 'FETCHED', 'PARKED')`,
    [delivery.id, code.slice(0, 40)],
  );
  if (!rowCount || delivery.caseId === null) return;
  await client.query(
    `UPDATE delivery SET state = 'PARKED', parked_at = now()
     WHERE recipient_oin = $1 AND case_id = $2 AND case_sequence > $3 AND state IN ('OUTSTANDING', 'FETCHED')`,
    [delivery.recipientOin, delivery.caseId, delivery.caseSequence],
  );
}

/**
 * Releases the parked messages behind this one, up to the next that failed itself: they are outstanding again and are
 * published again. Nothing happens while an earlier one of the case is still parked. Returns how many were released.
 */
export async function releaseAfter(client: PoolClient, delivery: CaseDelivery): Promise<number> {
  if (delivery.caseId === null) return 0;
  const { rows } = await client.query<{ sequence: string }>(
    `UPDATE delivery d SET state = 'OUTSTANDING', parked_at = NULL, published_at = NULL
     WHERE d.recipient_oin = $1 AND d.case_id = $2 AND d.case_sequence > $3 AND d.state = 'PARKED' AND d.failure_code IS NULL
       AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.recipient_oin = $1 AND e.case_id = $2 AND e.case_sequence < d.case_sequence
         AND ${HOLDS_UP})
     RETURNING d.sequence`,
    [delivery.recipientOin, delivery.caseId, delivery.caseSequence],
  );
  await publishedAgain(client, delivery.recipientOin, rows);
  return rows.length;
}

/**
 * A message that could not be taken and was then withdrawn, itself or with the version that had replaced it, holds up
 * nobody any more: the withdrawal, made a moment ago, waits behind it. Asked of the whole case, since older versions have
 * other ids. The caller holds the case locks.
 */
export async function releaseBehindWithdrawn(client: PoolClient, messageIds: readonly string[]): Promise<void> {
  const { rows } = await client.query<CaseDelivery>(
    `SELECT DISTINCT w.id, w.recipient_oin AS "recipientOin", w.case_id AS "caseId", w.case_sequence AS "caseSequence"
     FROM delivery d JOIN delivery w ON w.recipient_oin = d.recipient_oin AND w.case_id = d.case_id
     WHERE d.message_id = ANY ($1) AND w.state = 'WITHDRAWN' AND w.parked_at IS NOT NULL ORDER BY 4`,
    [messageIds],
  );
  for (const row of rows) await releaseAfter(client, row);
}
