import { createHash } from 'node:crypto';
import { LedgerError } from './ledger-error.js';
import { TILE_WIDTH, tilePath, tilesOfTree, type TileId } from './tiles.js';

/** For tests: the definitions of RFC 6962, section 2.1, word for word, slow and without any of the ledger's own code. */
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
export const plainLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.of(0), entry);
const plainNode = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

/** Leaf hashes of the entries '0', '1', '2' and so on. */
export function numberedLeaves(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => plainLeaf(Buffer.from(String(index))));
}

/** MTH(D[n]) over leaf hashes. */
export function plainRoot(leaves: readonly Buffer[]): Buffer {
  return new PlainTree(leaves).root();
}

/** A tree over leaf hashes, at each size up to theirs; it remembers the hash of every range that it was asked for. */
export class PlainTree {
  readonly #known = new Map<string, Buffer>();

  constructor(readonly leaves: readonly Buffer[]) {}

  /** MTH(D[start:end]). */
  hash(start: number, end: number): Buffer {
    if (end === start) return sha256();
    if (end - start === 1) return this.leaves[start] as Buffer;
    const range = `${start}-${end}`;
    const k = start + largestPowerBelow(end - start);
    const hash = this.#known.get(range) ?? plainNode(this.hash(start, k), this.hash(k, end));
    this.#known.set(range, hash);
    return hash;
  }

  root(size = this.leaves.length): Buffer {
    return this.hash(0, size);
  }

  /** PATH(m, D[n]). */
  inclusion(m: number, size = this.leaves.length, start = 0): Buffer[] {
    if (size - start === 1) return [];
    const k = start + largestPowerBelow(size - start);
    return m < k
      ? [...this.inclusion(m, k, start), this.hash(k, size)]
      : [...this.inclusion(m, size, k), this.hash(start, k)];
  }

  /** SUBPROOF(m, D[n], b); PROOF(m, D[n]) is the one with b true. */
  consistency(m: number, size = this.leaves.length, start = 0, b = true): Buffer[] {
    if (m === size) return b ? [] : [this.hash(start, size)];
    const k = start + largestPowerBelow(size - start);
    return m <= k
      ? [...this.consistency(m, k, start, b), this.hash(k, size)]
      : [...this.consistency(m, size, k, false), this.hash(start, k)];
  }

  /** Reads the tiles of the tree of `size` leaves, each once, and refuses every tile that this size has not. */
  tiles(size: number): (id: TileId) => Promise<Buffer> {
    const unread = new Set(tilesOfTree(size).map(tilePath));
    return (id) => {
      const path = tilePath(id);
      if (unread.delete(path)) return Promise.resolve(this.tile(id));
      return Promise.reject(new LedgerError('TILE_MALFORMED', `${path} does not exist or was read before`));
    };
  }

  /** The hashes of a tile by their definition in C2SP tlog-tiles. */
  tile({ level, n, width }: TileId): Buffer {
    const leavesOf = TILE_WIDTH ** Number(level);
    const first = n * TILE_WIDTH;
    const hashes = Array.from({ length: width }, (_, i) =>
      this.hash((first + i) * leavesOf, (first + i + 1) * leavesOf),
    );
    return Buffer.concat(hashes);
  }
}

function largestPowerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}
