import { encodeBundle } from '#ledger/entry-bundle.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { isTileWithin, TILE_WIDTH, tilePath, type TileId } from '#ledger/tiles.js';
import type { ReadTile } from '#ledger/tree-reader.js';
import type { SqlReader } from './sql-reader.js';
import { readHashTiles, type HashTile } from './tile-batch.js';
import type { TreeHead } from './tree-head.js';

const ENTRIES = `SELECT entry FROM ketenpoort.leaf WHERE epoch = $1 AND position >= $2 AND position < $3 ORDER BY position`;

/**
 * Reads tiles of hashes of one epoch. What is asked for in one go comes in one statement, and the next statement waits
 * for it: a transaction has one connection, and a connection one question at a time. Rejects with INDEX_INVALID when
 * the tree has no such tile.
 */
export function tileReader(client: SqlReader, head: TreeHead): ReadTile {
  let asked: HashTile[] = [];
  let last: Promise<ReadonlyMap<string, Buffer | null>> = Promise.resolve(new Map());
  const readAsked = async (): Promise<ReadonlyMap<string, Buffer | null>> => {
    const tiles = asked;
    asked = [];
    const read = await readHashTiles(client, head, tiles);
    return new Map(tiles.map((tile, position) => [tilePath(tile), read[position] ?? null]));
  };
  return async ({ level, n, width }) => {
    const path = tilePath({ level, n, width });
    if (level === 'entries' || !isTileWithin({ level, n, width }, head.edge.size)) throw noTile(path);
    if (asked.push({ level, n, width }) === 1) last = last.catch(() => undefined).then(readAsked);
    const bytes = (await last).get(path);
    if (!bytes) throw noTile(path);
    return bytes;
  };
}

/** The bytes of a tile of hashes or a bundle of entries; null when the tree of this head has no such tile. */
export async function readTile(client: SqlReader, head: TreeHead, id: TileId): Promise<Buffer | null> {
  if (!isTileWithin(id, head.edge.size)) return null;
  if (id.level === 'entries') return readBundle(client, head.epoch, id);
  return (await readHashTiles(client, head, [{ ...id, level: id.level }]))[0] ?? null;
}

async function readBundle(client: SqlReader, epoch: number, { n, width }: TileId): Promise<Buffer | null> {
  const from = n * TILE_WIDTH;
  const { rows } = await client.query<{ entry: Buffer }>(ENTRIES, [epoch, from, from + width]);
  return rows.length === width ? encodeBundle(rows.map((row) => row.entry)) : null;
}

function noTile(path: string): LedgerError {
  return new LedgerError('INDEX_INVALID', `the tree has no ${path}`);
}
