import { HASH_BYTES, reduceRow } from '#ledger/hash.js';
import { consistencyProof, verifyConsistency } from '#ledger/proofs.js';
import { hashesAtLevel, TILE_WIDTH, tilePath, tileOfTree, type TileId } from '#ledger/tiles.js';
import { rootOfEdge } from '#ledger/tree-edge.js';
import { rootFromTiles } from '#ledger/tree-reader.js';
import { LedgerError } from '#ledger/ledger-error.js';
import type { Misplaced } from './chunk-check.js';
import type { Finding, Findings } from './finding.js';
import type { LogSource } from './log-source.js';
import { readTile } from './tile-file.js';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** What the entries say: the hashes at level 1 of the tree, and the leaf hashes behind its last full tile. */
export interface ComputedTree {
  readonly size: number;
  readonly roots: Buffer;
  readonly unfinished: Buffer;
  readonly misplaced: readonly Misplaced[];
}

/** Of a checkpoint. */
interface TreeSize {
  readonly size: number;
  readonly root: Buffer;
}

/** Compares the tree of the entries with the tiles and with the signed root, and names what differs. */
export class TreeCheck {
  constructor(
    private readonly source: LogSource,
    private readonly folder: string,
    private readonly findings: Findings,
    private readonly epoch: number,
  ) {}

  private add(finding: Omit<Finding, 'epoch'>): void {
    this.findings.add({ epoch: this.epoch, ...finding });
  }

  /** Throws SourceError when a tile cannot be read. */
  async run(tree: ComputedTree, signedRoot: Buffer): Promise<void> {
    const rows = rowsOf(tree);
    const isSigned = rootOfEdge({ size: tree.size, levels: rows.map((row) => unfinishedOf(row)) }).equals(signedRoot);
    if (!isSigned) {
      this.add({ kind: 'ROOT_MISMATCH', cause: `the root over ${tree.size} entries is not the signed root` });
    }
    await this.judgeLeaves(tree, isSigned, signedRoot);
    for (let level = 1; level < rows.length; level += 1)
      await this.compareLevel(tree.size, level, rows[level] as Buffer);
  }

  /** Whether the newer tree begins with the older one, by a proof from the tiles of the newer: an export has no others. */
  async continues(older: TreeSize, newer: TreeSize): Promise<boolean> {
    const proof = await this.orNull(consistencyProof(older.size, newer.size, this.readTile));
    const roots = { oldSize: older.size, oldRoot: older.root, size: newer.size, root: newer.root };
    return proof !== null && verifyConsistency({ ...roots, proof });
  }

  /** Root by the tiles; null when they are not all there. */
  private rootAt(size: number): Promise<Buffer | null> {
    return this.orNull(rootFromTiles(size, this.readTile));
  }

  private readonly readTile = async (id: TileId): Promise<Buffer> =>
    (await readTile(this.source, this.folder, id)) ?? Buffer.alloc(0);

  private async orNull<Result>(reading: Promise<Result>): Promise<Result | null> {
    try {
      return await reading;
    } catch (error) {
      if (error instanceof LedgerError) return null;
      throw error;
    }
  }

  /** Where entry and tile differ, the one that leads to the signed root is right. */
  private async judgeLeaves({ size, misplaced }: ComputedTree, isSigned: boolean, signedRoot: Buffer): Promise<void> {
    if (misplaced.length === 0) return;
    const heldAt = new Map(misplaced.map(({ tile, index }) => [tile, index]));
    const edgeHolds = (await this.rootAt(size))?.equals(signedRoot) ?? false;
    const judged = new Map<number, boolean>();
    for (const { index, entry, recordId } of misplaced) {
      const n = Math.floor(index / TILE_WIDTH);
      const tileHolds = judged.get(n) ?? (!isSigned && (await this.isTileRight(n, size, edgeHolds)));
      judged.set(n, tileHolds);
      const place = { index, ...(recordId !== undefined && { recordId }) };
      const path = tilePath(tileOfTree(size, 0, n) ?? { level: 0, n, width: TILE_WIDTH });
      const movedFrom = heldAt.get(entry);
      if (isSigned) {
        this.add({ kind: 'TILE_ALTERED', ...place, cause: `${path} does not hold the leaf hash of this entry` });
      } else if (movedFrom !== undefined) {
        this.add({ kind: 'ENTRY_MOVED', ...place, cause: `the tree holds this entry at index ${movedFrom}` });
      } else {
        const but = tileHolds ? '' : '; the tile does not lead to the signed root either';
        this.add({ kind: 'ENTRY_ALTERED', ...place, cause: `${path} holds another leaf hash here${but}` });
      }
    }
  }

  private async isTileRight(n: number, size: number, edgeHolds: boolean): Promise<boolean> {
    const [own, above] = [tileOfTree(size, 0, n), tileOfTree(size, 1, Math.floor(n / TILE_WIDTH))];
    if (own?.width !== TILE_WIDTH || !above) return edgeHolds;
    return await this.isRootOf(await readTile(this.source, this.folder, above), n % TILE_WIDTH, 0, n);
  }

  /** A hash that differs because of what stands below it is not the fault of its own tile. */
  private async compareLevel(size: number, level: number, row: Buffer): Promise<void> {
    for (let n = 0; n * TILE_BYTES < row.length; n += 1) {
      const id = tileOfTree(size, level, n);
      if (!id) throw new Error(`a tree of ${size} leaves has no tile ${n} at level ${level}`);
      const tile = await readTile(this.source, this.folder, id);
      const own = row.subarray(n * TILE_BYTES, (n + 1) * TILE_BYTES);
      if (!tile) this.add({ kind: 'TILE_MISSING', cause: `${tilePath(id)} is missing or not of its length` });
      if (!tile || tile.equals(own)) continue;
      for (let position = 0; position < id.width; position += 1) {
        const start = position * HASH_BYTES;
        if (tile.compare(own, start, start + HASH_BYTES, start, start + HASH_BYTES) === 0) continue;
        const below = n * TILE_WIDTH + position;
        if (await this.isRootOf(tile, position, level - 1, below)) continue;
        const child = tilePath({ level: level - 1, n: below, width: TILE_WIDTH });
        this.add({ kind: 'TILE_ALTERED', cause: `hash ${position} of ${tilePath(id)} is not the root of ${child}` });
      }
    }
  }

  private async isRootOf(tile: Buffer | null, position: number, level: number, n: number): Promise<boolean> {
    const child = await readTile(this.source, this.folder, { level, n, width: TILE_WIDTH });
    if (!tile || !child) return false;
    const start = position * HASH_BYTES;
    return reduceRow(Buffer.from(child)).equals(tile.subarray(start, start + HASH_BYTES));
  }
}

/** All hashes of each level; at level 0 only those behind the last full tile, which are all that the root needs. */
function rowsOf({ size, roots, unfinished }: ComputedTree): Buffer[] {
  if (size === 0) return [];
  const rows: Buffer[] = [unfinished];
  let row = roots;
  for (let level = 1; hashesAtLevel(size, level) > 0; level += 1) {
    rows.push(row);
    const above: Buffer[] = [];
    for (let start = 0; start + TILE_BYTES <= row.length; start += TILE_BYTES) {
      above.push(reduceRow(Buffer.from(row.subarray(start, start + TILE_BYTES))));
    }
    row = Buffer.concat(above);
  }
  return rows;
}

function unfinishedOf(row: Buffer): Buffer {
  return row.subarray(row.length - (row.length % TILE_BYTES));
}
