import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { DemoFault } from '../demo-faults-config.js';

/** Each changes deliveries that have no number yet: nobody has seen them. */
const STATEMENTS: Readonly<Record<DemoFault, string>> = {
  'drop-one': `UPDATE delivery SET state = 'TAKEN', published_at = now() WHERE (id, accepted_at) IN (
    SELECT d.id, d.accepted_at FROM delivery d JOIN message m ON m.id = d.message_id
    WHERE m.contract = 'M05' AND d.sequence IS NULL ORDER BY d.insert_order LIMIT 1)`,
  'double-one': `INSERT INTO delivery
      (id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, traceparent, accepted_at)
    SELECT gen_random_uuid(), message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence + 1,
      traceparent, accepted_at + interval '1 microsecond'
    FROM delivery WHERE sequence IS NULL AND case_sequence IS NOT NULL ORDER BY insert_order LIMIT 1`,
  'reorder-one': `WITH pair AS (
      SELECT a.id AS first, b.id AS second, a.case_sequence AS earlier, b.case_sequence AS later
      FROM delivery a JOIN delivery b ON b.recipient_oin = a.recipient_oin AND b.case_id = a.case_id
        AND b.message_id <> a.message_id
      WHERE a.sequence IS NULL AND b.sequence IS NULL AND a.case_sequence < b.case_sequence LIMIT 1)
    UPDATE delivery d SET case_sequence = CASE d.id WHEN pair.first THEN pair.later ELSE pair.earlier END
    FROM pair WHERE d.id IN (pair.first, pair.second)`,
};

/**
 * Demo only: loses the first notification to DT&V, delivers a message once more, or lets two of a case change places,
 * so that demo and fault tests prove that their counts would notice. Returns a function that does each once.
 */
export function makeDemoFaults(pool: Pool, faults: readonly DemoFault[], log: Logger): () => Promise<void> {
  const left = new Set(faults);
  return async () => {
    for (const fault of left) {
      const { rowCount } = await pool.query(STATEMENTS[fault]);
      if (!rowCount) continue;
      left.delete(fault);
      log.warn({ fault }, 'DEMO_FAULT: a delivery was changed on purpose');
    }
  };
}
