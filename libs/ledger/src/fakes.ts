import { createHash } from 'node:crypto';
import { LedgerError } from './ledger-error.js';
import { TILE_WIDTH, tilePath, tilesOfTree, type TileId } from './tiles.js';

/** For tests: the definitions of RFC 6962, section 2.1, word for word, slow and without any of the ledger's own code. */
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
export const plainLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.of(0), entry);
const plainNode = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

/** MTH(D[n]) over leaf hashes. */
export function plainRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = largestPowerBelow(leaves.length);
  return plainNode(plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k)));
}

/** PATH(m, D[n]). */
export function plainInclusion(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = largestPowerBelow(leaves.length);
  return m < k
    ? [...plainInclusion(m, leaves.slice(0, k)), plainRoot(leaves.slice(k))]
    : [...plainInclusion(m - k, leaves.slice(k)), plainRoot(leaves.slice(0, k))];
}

/** SUBPROOF(m, D[n], b); PROOF(m, D[n]) is the one with b true. */
export function plainConsistency(m: number, leaves: readonly Buffer[], b = true): Buffer[] {
  if (m === leaves.length) return b ? [] : [plainRoot(leaves)];
  const k = largestPowerBelow(leaves.length);
  return m <= k
    ? [...plainConsistency(m, leaves.slice(0, k), b), plainRoot(leaves.slice(k))]
    : [...plainConsistency(m - k, leaves.slice(k), false), plainRoot(leaves.slice(0, k))];
}

/** Leaf hashes of the entries '0', '1', '2' and so on. */
export function numberedLeaves(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => plainLeaf(Buffer.from(String(index))));
}

/** Serves the tiles of a tree over `leaves` at each size up to theirs, and refuses every tile that a size has not. */
export class PlainTiles {
  readonly #rows: Buffer[][];

  constructor(readonly leaves: readonly Buffer[]) {
    this.#rows = [[...leaves]];
    for (let row = leaves; row.length >= TILE_WIDTH;) {
      const full = Math.floor(row.length / TILE_WIDTH);
      row = Array.from({ length: full }, (_, n) => plainRoot(row.slice(n * TILE_WIDTH, (n + 1) * TILE_WIDTH)));
      this.#rows.push([...row]);
    }
  }

  /** A reader for the tree of `size` leaves. */
  at(size: number): (id: TileId) => Promise<Buffer> {
    const existing = new Set(tilesOfTree(size).map(tilePath));
    return (id) => {
      const path = tilePath(id);
      if (!existing.delete(path)) {
        return Promise.reject(new LedgerError('TILE_MALFORMED', `${path} does not exist or was read before`));
      }
      return Promise.resolve(this.bytes(id));
    };
  }

  bytes({ level, n, width }: TileId): Buffer {
    const row = level === 'entries' ? undefined : this.#rows[level];
    return Buffer.concat(row?.slice(n * TILE_WIDTH, n * TILE_WIDTH + width) ?? []);
  }
}

function largestPowerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}
