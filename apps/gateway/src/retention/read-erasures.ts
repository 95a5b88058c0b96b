import type { ClientBase, Pool } from 'pg';
import { erasureOf, type Erasure } from './erasure.js';

const READ = `SELECT convert_from(canonical, 'UTF8')::jsonb AS record FROM ketenpoort.access_record
  WHERE kind = 'ERASURE' ORDER BY at, id`;

/** Every ERASURE record of the database, oldest first: a few a day, for ever. */
export async function readErasures(database: Pool | ClientBase): Promise<readonly Erasure[]> {
  const { rows } = await database.query<{ record: unknown }>(READ);
  return rows.flatMap(({ record }) => erasureOf(record) ?? []);
}

/** Those that the database neither has nor has done again. */
export function lostErasures(known: readonly Erasure[], named: readonly Erasure[]): readonly Erasure[] {
  const done = new Set(known.flatMap(({ recordId, replays }) => [recordId, ...replays]));
  return named.filter(({ recordId, replays }) => !done.has(recordId) && !replays.some((id) => done.has(id)));
}
