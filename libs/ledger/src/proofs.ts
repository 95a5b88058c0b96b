import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash.js';
import { LedgerError } from './ledger-error.js';
import { treeSize } from './tiles.js';
import { hashesOfRanges, splitPoint, type LeafRange, type ReadTile } from './tree-reader.js';

/**
 * Inclusion proof of a leaf (RFC 6962, section 2.1.1), the sibling of the leaf first.
 * Throws INDEX_INVALID when the tree has no such leaf.
 */
export async function inclusionProof(index: number, size: number, readTile: ReadTile): Promise<Buffer[]> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= treeSize(size)) {
    throw new LedgerError('INDEX_INVALID', 'the tree has no leaf with this index');
  }
  const siblings: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      siblings.push({ start: middle, end });
      end = middle;
    } else {
      siblings.push({ start, end: middle });
      start = middle;
    }
  }
  return hashesOfRanges(size, siblings.reverse(), readTile);
}

/**
 * Consistency proof between two sizes (RFC 6962, section 2.1.2); empty when the old tree is empty or the same.
 * Throws SIZE_INVALID when the old tree is the larger one.
 */
export async function consistencyProof(oldSize: number, size: number, readTile: ReadTile): Promise<Buffer[]> {
  if (treeSize(oldSize) > treeSize(size)) throw new LedgerError('SIZE_INVALID', 'the old tree is the larger one');
  if (oldSize === 0) return [];
  const parts: LeafRange[] = [];
  let [start, end] = [0, size];
  while (oldSize < end) {
    const middle = start + splitPoint(end - start);
    if (oldSize <= middle) {
      parts.push({ start: middle, end });
      end = middle;
    } else {
      parts.push({ start, end: middle });
      start = middle;
    }
  }
  // The old tree itself needs no hash: whoever checks the proof has its root.
  if (start > 0) parts.push({ start, end });
  return hashesOfRanges(size, parts.reverse(), readTile);
}

/** True when the proof leads from the leaf hash at this index to the root (RFC 9162, section 2.1.3.2). Never throws. */
export function verifyInclusion(claim: {
  readonly index: number;
  readonly size: number;
  /** Leaf hash, 32 bytes. */
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  const { index, size, leaf, proof, root } = claim;
  if (!areCounts(index, size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [node, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      // A node without a right sibling moves up until it is a right sibling itself.
      while (!isOdd(node) && node > 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSame(hash, root);
}

/**
 * True when the tree with `root` begins with the tree with `oldRoot` (RFC 9162, section 2.1.4.2). Never throws.
 * An empty tree is the beginning of every tree: then the proof is empty.
 */
export function verifyConsistency(claim: {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): boolean {
  const { oldSize, oldRoot, size, root, proof } = claim;
  if (!areCounts(oldSize, size) || oldSize > size || !areHashes([oldRoot, root, ...proof])) return false;
  if (size === 0 && !isSame(root, EMPTY_ROOT)) return false;
  if (oldSize === 0) return proof.length === 0 && isSame(oldRoot, EMPTY_ROOT);
  if (oldSize === size) return proof.length === 0 && isSame(oldRoot, root);
  return leadsToBothRoots(claim);
}

function leadsToBothRoots({ oldSize, oldRoot, size, root, proof }: Parameters<typeof verifyConsistency>[0]): boolean {
  let [node, last] = [oldSize - 1, size - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  // A complete old tree is a node of the new one: its root is where the proof begins.
  const [first, ...rest] = node === 0 ? [oldRoot, ...proof] : proof;
  if (!first) return false;
  let [oldHash, hash] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      oldHash = nodeHash(sibling, oldHash);
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node > 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSame(oldHash, oldRoot) && isSame(hash, root);
}

// Tree sizes go beyond 32 bits, so no bit operators.
const isOdd = (count: number): boolean => count % 2 === 1;
const half = (count: number): number => Math.floor(count / 2);
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function areCounts(...counts: readonly number[]): boolean {
  return counts.every((count) => Number.isSafeInteger(count) && count >= 0);
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}
