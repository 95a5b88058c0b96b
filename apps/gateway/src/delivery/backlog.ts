import type { Pool } from 'pg';

/** What is on its way and what is stuck, over all recipients: figures for the operator, nothing of any case. */
export interface Backlog {
  readonly deliveries_outstanding: number;
  readonly deliveries_parked: number;
  readonly deliveries_dead: number;
  readonly oldest_outstanding_seconds: number;
}

const READ = `SELECT count(*) FILTER (WHERE state IN ('OUTSTANDING', 'FETCHED'))::int AS deliveries_outstanding,
    count(*) FILTER (WHERE state = 'PARKED')::int AS deliveries_parked,
    count(*) FILTER (WHERE state = 'DEAD')::int AS deliveries_dead,
    coalesce(extract(epoch FROM now() - min(accepted_at) FILTER (WHERE state IN ('OUTSTANDING', 'FETCHED'))), 0)::float AS oldest_outstanding_seconds
  FROM delivery WHERE state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD')`;

export async function readBacklog(pool: Pool): Promise<Backlog> {
  const { rows } = await pool.query<Backlog>(READ);
  return (
    rows[0] ?? { deliveries_outstanding: 0, deliveries_parked: 0, deliveries_dead: 0, oldest_outstanding_seconds: 0 }
  );
}
