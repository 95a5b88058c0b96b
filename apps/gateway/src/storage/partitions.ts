import type { DataSource } from 'typeorm';

/** A gateway that nobody maintains for a year still writes into partitions of a month. */
export const PARTITION_MONTHS_AHEAD = 12;

/** Makes the monthly partitions that are still missing. Cheap when there are none; call it at start and daily. */
export async function ensurePartitions(dataSource: DataSource): Promise<void> {
  await dataSource.query('SELECT ketenpoort.ensure_partitions($1)', [PARTITION_MONTHS_AHEAD]);
}
