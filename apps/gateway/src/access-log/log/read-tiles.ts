import { encodeBundle } from '#ledger/entry-bundle.js';
import { HASH_BYTES } from '#ledger/hash.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { isTileWithin, TILE_WIDTH, tilePath, type TileId } from '#ledger/tiles.js';
import type { ReadTile } from '#ledger/tree-reader.js';
import type { SqlReader } from './sql-reader.js';
import { headOfEpoch, type TreeHead } from './tree-head.js';

const FULL = 'SELECT hashes FROM ketenpoort.tile WHERE epoch = $1 AND level = $2 AND n = $3';
const ENTRIES = `SELECT entry FROM ketenpoort.leaf WHERE epoch = $1 AND position >= $2 AND position < $3 ORDER BY position`;

/**
 * Reads tiles and bundles of one epoch. A partial tile is the beginning of the finished one, or of what the head keeps.
 * Rejects with INDEX_INVALID when the tree has no such tile.
 */
export function tileReader(client: SqlReader, head: TreeHead): ReadTile {
  return async (id) => {
    const bytes = await readTile(client, head, id);
    if (!bytes) throw new LedgerError('INDEX_INVALID', `the tree has no ${tilePath(id)}`);
    return bytes;
  };
}

/** The bytes of a tile of hashes or a bundle of entries; null when the tree of this head has no such tile. */
export async function readTile(client: SqlReader, head: TreeHead, id: TileId): Promise<Buffer | null> {
  if (!isTileWithin(id, head.edge.size)) return null;
  return id.level === 'entries' ? readBundle(client, head.epoch, id) : readHashes(client, head, id, id.level);
}

async function readBundle(client: SqlReader, epoch: number, { n, width }: TileId): Promise<Buffer | null> {
  const from = n * TILE_WIDTH;
  const { rows } = await client.query<{ entry: Buffer }>(ENTRIES, [epoch, from, from + width]);
  return rows.length === width ? encodeBundle(rows.map((row) => row.entry)) : null;
}

async function readHashes(
  client: SqlReader,
  { epoch, edge }: TreeHead,
  { n, width }: TileId,
  level: number,
): Promise<Buffer | null> {
  const { rows } = await client.query<{ hashes: Buffer }>(FULL, [epoch, level, n]);
  const bytes = rows[0]?.hashes ?? edge.levels[level];
  return bytes && bytes.length >= width * HASH_BYTES ? bytes.subarray(0, width * HASH_BYTES) : null;
}

/** For a caller that has no head: `null` when there is no such epoch. */
export async function tileReaderOf(client: SqlReader, epoch: number): Promise<ReadTile | null> {
  const head = await headOfEpoch(client, epoch);
  return head && tileReader(client, head);
}
