import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { DemoFault } from '../demo-faults-config.js';

/** Each changes deliveries of the messages `$1`, which nobody has seen yet. */
const STATEMENTS: Readonly<Record<DemoFault, string>> = {
  'drop-one': `UPDATE delivery SET state = 'TAKEN', taken_at = now(), published_at = now() WHERE id IN (
    SELECT d.id FROM delivery d JOIN message m ON m.id = d.message_id
    WHERE m.contract = 'M05' AND d.message_id = ANY ($1) ORDER BY d.sequence LIMIT 1)`,
  'double-one': `WITH one AS (
      SELECT * FROM delivery WHERE message_id = ANY ($1) AND case_sequence IS NOT NULL ORDER BY insert_order LIMIT 1
    ), counted AS (
      UPDATE recipient_counter c SET last_sequence = c.last_sequence + 1 FROM one WHERE c.recipient_oin = one.recipient_oin
      RETURNING c.last_sequence
    ) INSERT INTO delivery
      (id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, traceparent, accepted_at, sequence)
    SELECT gen_random_uuid(), message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence + 1,
      traceparent, accepted_at + interval '1 microsecond', last_sequence FROM one, counted`,
  'reorder-one': `WITH pair AS (
      SELECT a.id AS first, b.id AS second, a.case_sequence AS earlier, b.case_sequence AS later
      FROM delivery a JOIN delivery b ON b.recipient_oin = a.recipient_oin AND b.case_id = a.case_id
        AND b.message_id <> a.message_id
      WHERE a.message_id = ANY ($1) AND b.message_id = ANY ($1) AND a.case_sequence < b.case_sequence LIMIT 1)
    UPDATE delivery d SET case_sequence = CASE d.id WHEN pair.first THEN pair.later ELSE pair.earlier END
    FROM pair WHERE d.id IN (pair.first, pair.second)`,
};

/** Changes deliveries of messages that the caller's transaction has just written. */
export type DemoFaults = (client: PoolClient, messageIds: readonly string[]) => Promise<void>;

/**
 * Demo only: loses the first notification to DT&V, delivers a message once more, or lets two of a case change places,
 * so that demo and fault tests prove that their counts would notice. Returns a function that does each once.
 */
export function makeDemoFaults(faults: readonly DemoFault[], log: Logger): DemoFaults {
  const left = new Set(faults);
  return async (client, messageIds) => {
    for (const fault of left) {
      const { rowCount } = await client.query(STATEMENTS[fault], [messageIds]);
      if (!rowCount) continue;
      left.delete(fault);
      log.warn({ fault }, 'DEMO_FAULT: a delivery was changed on purpose');
    }
  };
}
