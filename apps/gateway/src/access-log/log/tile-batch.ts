import { HASH_BYTES } from '#ledger/hash.js';
import { hashesAtLevel, TILE_WIDTH, type TileId } from '#ledger/tiles.js';
import type { SqlReader } from './sql-reader.js';
import type { TreeHead } from './tree-head.js';

/** LATERAL: each tile by its key, whatever the planner believes of a table that was empty a minute ago. */
const FULL = `SELECT wanted.place, tile.hashes
  FROM unnest($2::smallint[], $3::bigint[]) WITH ORDINALITY AS wanted (level, n, place),
    LATERAL (SELECT hashes FROM ketenpoort.tile
      WHERE epoch = $1 AND level = wanted.level AND n = wanted.n LIMIT 1) AS tile`;

export interface HashTile extends TileId {
  readonly level: number;
}

/**
 * Bytes of tiles of hashes that the tree of this head has, in one statement; in the order asked. Null for one that is
 * not stored. A partial tile is the beginning of the finished one, or of what the head keeps.
 */
export async function readHashTiles(
  client: SqlReader,
  { epoch, edge }: TreeHead,
  tiles: readonly HashTile[],
): Promise<(Buffer | null)[]> {
  const isFinished = ({ level, n }: HashTile): boolean => (n + 1) * TILE_WIDTH <= hashesAtLevel(edge.size, level);
  const finished = tiles.filter(isFinished);
  const stored = new Map<HashTile, Buffer>();
  if (finished.length > 0) {
    const values = [epoch, finished.map(({ level }) => level), finished.map(({ n }) => n)];
    const { rows } = await client.query<{ place: string; hashes: Buffer }>({ name: 'log-tiles', text: FULL, values });
    for (const { place, hashes } of rows) stored.set(finished[Number(place) - 1] as HashTile, hashes);
  }
  return tiles.map((tile) => {
    const bytes = isFinished(tile) ? stored.get(tile) : edge.levels[tile.level];
    return bytes && bytes.length >= tile.width * HASH_BYTES ? bytes.subarray(0, tile.width * HASH_BYTES) : null;
  });
}
