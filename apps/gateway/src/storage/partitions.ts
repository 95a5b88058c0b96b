import type { DataSource } from 'typeorm';

/** A gateway that nobody maintains for a year still writes into partitions of a month. */
export const PARTITION_MONTHS_AHEAD = 12;

/** Makes the monthly partitions that are still missing. Cheap when there are none; called at start and daily. */
export async function ensurePartitions(dataSource: DataSource): Promise<void> {
  await dataSource.query('SELECT ketenpoort.ensure_partitions($1)', [PARTITION_MONTHS_AHEAD]);
}

const CHECK_INTERVAL_MS = 86_400_000;

/** A gateway may run for longer than its partitions reach. Returns what stops it. */
export function keepPartitionsAhead(dataSource: DataSource, onFailure: () => void): () => void {
  const timer = setInterval(() => void ensurePartitions(dataSource).catch(onFailure), CHECK_INTERVAL_MS).unref();
  return () => clearInterval(timer);
}
