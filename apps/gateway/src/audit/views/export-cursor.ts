import type { Pool } from 'pg';
import type { LogPosition } from './recorded-leaves.js';

const START: LogPosition = { epoch: 1, position: 0 };
const READ = 'SELECT epoch, position FROM export_cursor WHERE name = $1';
const WRITE = `INSERT INTO export_cursor (name, epoch, position, updated_at) VALUES ($1, $2, $3, now())
  ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, position = excluded.position, updated_at = now()
  WHERE (export_cursor.epoch, export_cursor.position) < (excluded.epoch, excluded.position)`;

/** Where an export is: the first leaf that its receiver has not acknowledged. */
export async function readCursor(pool: Pool, name: string): Promise<LogPosition> {
  const { rows } = await pool.query<{ epoch: number; position: string }>(READ, [name]);
  return rows[0] ? { epoch: rows[0].epoch, position: Number(rows[0].position) } : START;
}

/** Only ever forward: another process may have been faster. */
export async function advanceCursor(pool: Pool, name: string, to: LogPosition): Promise<void> {
  await pool.query(WRITE, [name, to.epoch, to.position]);
}
