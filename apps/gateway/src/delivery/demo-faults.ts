import type { Pool } from 'pg';
import type { Logger } from 'pino';

const DROP = `UPDATE delivery SET state = 'TAKEN', published_at = now() WHERE (id, accepted_at) IN (
  SELECT d.id, d.accepted_at FROM delivery d JOIN message m ON m.id = d.message_id
  WHERE m.contract = 'M05' AND d.sequence IS NULL ORDER BY d.insert_order LIMIT 1)`;

/**
 * Demo only: loses the first notification to DT&V, before anyone can see it, so that the demo proves that its own count
 * would notice. Returns a function that does so once.
 */
export function dropOneDelivery(pool: Pool, log: Logger): () => Promise<void> {
  let dropped = false;
  return async () => {
    if (dropped) return;
    const { rowCount } = await pool.query(DROP);
    dropped = (rowCount ?? 0) > 0;
    if (dropped) log.warn('DEMO_FAULT: one notification to DT&V was dropped on purpose');
  };
}
