import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** The connections of a data source for the hot path, where statements are written by hand (design 12). */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { readonly master: Pool }).master;
}
