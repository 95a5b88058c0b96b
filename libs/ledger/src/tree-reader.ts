import { HASH_BYTES, nodeHash, reduceRow } from './hash.js';
import { LedgerError } from './ledger-error.js';
import { hashesAtLevel, TILE_HEIGHT, TILE_WIDTH, tileOfTree, tilePath, type TileId } from './tiles.js';
import { rootOfEdge, type TreeEdge } from './tree-edge.js';

/** Gives the bytes of a tile of hashes: `width` times 32. Called once for each tile, several at the same time. */
export type ReadTile = (id: TileId) => Promise<Buffer>;

/** The leaves from `start` up to but not including `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The hashes of the subtrees over `ranges` of a tree of this size. A range is one that RFC 6962 cuts: aligned, complete
 * or up to the end of the tree. Reads each tile once, only tiles that a tree of this size has.
 * Throws TILE_MALFORMED when a tile has not the bytes of its width.
 */
export async function hashesOfRanges(
  size: number,
  ranges: readonly LeafRange[],
  readTile: ReadTile,
): Promise<Buffer[]> {
  const reading = new Map<string, Promise<Buffer>>();
  const readOnce = (id: TileId): Promise<Buffer> => {
    const path = tilePath(id);
    const tile = reading.get(path) ?? readWhole(id, readTile);
    reading.set(path, tile);
    return tile;
  };
  return Promise.all(
    ranges.map(async (range) => {
      const subtrees = await Promise.all(
        completeSubtrees(range).map((subtree) => subtreeHash(size, subtree, readOnce)),
      );
      return subtrees.reduceRight((right, left) => nodeHash(left, right));
    }),
  );
}

/** The edge of a tree from its partial tiles: what a log needs to go on from tiles alone. */
export async function edgeFromTiles(size: number, readTile: ReadTile): Promise<TreeEdge> {
  const levels: Promise<Buffer>[] = [];
  for (let level = 0; hashesAtLevel(size, level) > 0; level += 1) {
    const last = tileOfTree(size, level, Math.floor(hashesAtLevel(size, level) / TILE_WIDTH));
    levels.push(last ? readWhole(last, readTile) : Promise.resolve(Buffer.alloc(0)));
  }
  return { size, levels: await Promise.all(levels) };
}

/** Root of the tree, from its partial tiles. It proves nothing until it equals the root of a checkpoint. */
export async function rootFromTiles(size: number, readTile: ReadTile): Promise<Buffer> {
  return rootOfEdge(await edgeFromTiles(size, readTile));
}

/** The largest power of two that is smaller than `width` (RFC 6962, section 2.1); `width` is 2 at least. */
export function splitPoint(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

/** Cuts a range into subtrees of a power of two, the largest first. */
function completeSubtrees({ start, end }: LeafRange): LeafRange[] {
  const subtrees: LeafRange[] = [];
  for (let from = start; from < end;) {
    const width = splitPoint(end - from + 1);
    subtrees.push({ start: from, end: from + width });
    from += width;
  }
  return subtrees;
}

/** Hash of a complete, aligned subtree: a part of one tile, at the highest level that still has its hashes. */
async function subtreeHash(size: number, { start, end }: LeafRange, readOnce: ReadTile): Promise<Buffer> {
  const level = Math.floor(Math.log2(end - start) / TILE_HEIGHT);
  const leavesPerHash = TILE_WIDTH ** level;
  const first = start / leavesPerHash;
  const id = tileOfTree(size, level, Math.floor(first / TILE_WIDTH));
  if (!id) throw new LedgerError('INDEX_INVALID', 'the tree ends before this range');
  const from = (first % TILE_WIDTH) * HASH_BYTES;
  const row = (await readOnce(id)).subarray(from, from + ((end - start) / leavesPerHash) * HASH_BYTES);
  return reduceRow(Buffer.from(row));
}

async function readWhole(id: TileId, readTile: ReadTile): Promise<Buffer> {
  const tile = await readTile(id);
  if (tile.length === id.width * HASH_BYTES) return tile;
  throw new LedgerError('TILE_MALFORMED', `${tilePath(id)} has ${tile.length} bytes`);
}
