import { EMPTY_ROOT, HASH_BYTES, reduceRow } from './hash.js';
import { LedgerError } from './ledger-error.js';
import { hashesAtLevel, TILE_WIDTH, treeSize } from './tiles.js';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** All that a growing log must keep: the unfinished tile of each level. The finished ones never change again. */
export interface TreeEdge {
  readonly size: number;
  /** `levels[L]`: the hashes of the unfinished tile at level L, 32 bytes each, one after the other (0..255 of them). */
  readonly levels: readonly Buffer[];
}

/** A tile that got its 256th hash: from now on it is immutable. */
export interface FullTile {
  readonly level: number;
  readonly n: number;
  /** 8192 bytes. */
  readonly hashes: Buffer;
}

export const EMPTY_EDGE: TreeEdge = { size: 0, levels: [] };

/**
 * Appends leaves. The same leaves in other batches give the same edge and the same tiles; tiles come level by level, in
 * order. Throws EDGE_MALFORMED on an edge that is not of its size, or a leaf hash that is not 32 bytes.
 */
export function appendToTree(
  edge: TreeEdge,
  leafHashes: readonly Buffer[],
): { readonly edge: TreeEdge; readonly tiles: readonly FullTile[] } {
  checkEdge(edge);
  if (leafHashes.some((leaf) => leaf.length !== HASH_BYTES)) throw malformed('a leaf hash is 32 bytes');
  const size = treeSize(edge.size + leafHashes.length);
  const tiles: FullTile[] = [];
  const levels: Buffer[] = [];
  let arriving: readonly Buffer[] = leafHashes;
  for (let level = 0; hashesAtLevel(size, level) > 0; level += 1) {
    const firstTile = Math.floor(hashesAtLevel(edge.size, level) / TILE_WIDTH);
    const row = Buffer.concat([edge.levels[level] ?? Buffer.alloc(0), ...arriving]);
    const roots: Buffer[] = [];
    let start = 0;
    for (; start + TILE_BYTES <= row.length; start += TILE_BYTES) {
      const hashes = row.subarray(start, start + TILE_BYTES);
      tiles.push({ level, n: firstTile + start / TILE_BYTES, hashes });
      roots.push(reduceRow(Buffer.from(hashes)));
    }
    levels.push(start === 0 ? row : Buffer.from(row.subarray(start)));
    arriving = roots;
  }
  return { edge: { size, levels }, tiles };
}

/** Root hash of the tree (RFC 6962, section 2.1). Throws EDGE_MALFORMED on an edge that is not of its size. */
export function rootOfEdge(edge: TreeEdge): Buffer {
  checkEdge(edge);
  // From the leaves up: what a level leaves unfinished is the last, incomplete subtree in the row of the level above.
  let below: Buffer = Buffer.alloc(0);
  for (const level of edge.levels) {
    if (level.length > 0 || below.length > 0) below = reduceRow(Buffer.concat([level, below]));
  }
  return below.length > 0 ? below : EMPTY_ROOT;
}

/** Throws EDGE_MALFORMED unless each level has the hashes that a tree of this size leaves unfinished there. */
function checkEdge(edge: TreeEdge): void {
  let level = 0;
  for (; hashesAtLevel(edge.size, level) > 0; level += 1) {
    const unfinished = hashesAtLevel(edge.size, level) % TILE_WIDTH;
    if (edge.levels[level]?.length !== unfinished * HASH_BYTES) throw malformed(`level ${level} is not of its size`);
  }
  if (edge.levels.length !== level) throw malformed('the levels are not of its size');
}

function malformed(detail: string): LedgerError {
  return new LedgerError('EDGE_MALFORMED', detail);
}
