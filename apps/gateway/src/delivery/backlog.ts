import type { Pool } from 'pg';
import { deliveriesByRecipient, oldestByRecipient, setFigures } from '../metrics/figures.js';

/** One line a recipient and state: what is on its way and what is stuck. `peer` gives the kind, nothing of any case. */
const READ = `SELECT d.recipient_oin AS oin, p.kind, d.state, count(*)::int AS count,
    extract(epoch FROM now() - min(d.accepted_at))::float8 AS "oldestSeconds",
    coalesce(extract(epoch FROM now() - min(d.accepted_at) FILTER (WHERE d.published_at IS NULL AND d.sequence IS NOT NULL)),
      0)::float8 AS "unpublishedSeconds"
  FROM delivery d JOIN peer p ON p.oin = d.recipient_oin
  WHERE d.taken_at IS NULL AND d.state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD') GROUP BY 1, 2, 3`;

interface Row {
  readonly oin: string;
  readonly kind: string;
  readonly state: 'OUTSTANDING' | 'FETCHED' | 'PARKED' | 'DEAD';
  readonly count: number;
  readonly oldestSeconds: number;
  /** 0 when all is published, or when there is no Kafka to publish to (`relay_on`). */
  readonly unpublishedSeconds: number;
}

/** Sets the figures of what is on its way, over all recipients and for each. */
export async function readBacklog(pool: Pool, relayOn: boolean): Promise<void> {
  const { rows } = await pool.query<Row>(READ);
  const onTheWay = rows.filter(({ state }) => state === 'OUTSTANDING' || state === 'FETCHED');
  const count = (some: readonly Row[]): number => some.reduce((sum, row) => sum + row.count, 0);
  setFigures({
    deliveries_outstanding: count(onTheWay),
    deliveries_parked: count(rows.filter(({ state }) => state === 'PARKED')),
    deliveries_dead: count(rows.filter(({ state }) => state === 'DEAD')),
    oldest_outstanding_seconds: Math.max(0, ...onTheWay.map((row) => row.oldestSeconds)),
    relay_oldest_unpublished_seconds: relayOn ? Math.max(0, ...onTheWay.map((row) => row.unpublishedSeconds)) : 0,
  });
  deliveriesByRecipient.clear();
  oldestByRecipient.clear();
  for (const { oin, kind, state, count: some } of rows) {
    deliveriesByRecipient.set(some, { recipient_oin: oin, recipient_kind: kind, state });
  }
  for (const { oin, kind } of onTheWay) {
    const ages = onTheWay.filter((row) => row.oin === oin).map((row) => row.oldestSeconds);
    oldestByRecipient.set(Math.max(...ages), { recipient_oin: oin, recipient_kind: kind });
  }
}
