import { createHash, hash } from 'node:crypto';

export const HASH_BYTES = 32;
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

// One thread hashes at a time, so what is hashed is put together in memory that is used again and again.
const NODE = Buffer.alloc(1 + 2 * HASH_BYTES, NODE_PREFIX);
const SCRATCH = Buffer.alloc(64 * 1024);

/** SHA-256 over the parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) {
    if (length + part.length > SCRATCH.length) return sha256OfMuch(parts);
    SCRATCH.set(part, length);
    length += part.length;
  }
  return digest(SCRATCH.subarray(0, length));
}

/** SHA-256(0x00 || entry): the Merkle tree leaf hash of RFC 6962, section 2.1. */
export function leafHash(entry: Uint8Array): Buffer {
  if (entry.length >= SCRATCH.length) return sha256OfMuch([Buffer.of(LEAF_PREFIX), entry]);
  SCRATCH[0] = LEAF_PREFIX;
  SCRATCH.set(entry, 1);
  return digest(SCRATCH.subarray(0, 1 + entry.length));
}

/** The leaf hashes of entries, concatenated: a row as `reduceRow` takes it. */
export function leafRow(entries: readonly Uint8Array[]): Buffer {
  const row = Buffer.alloc(entries.length * HASH_BYTES);
  let leaf: Buffer = Buffer.of(LEAF_PREFIX);
  for (const [position, entry] of entries.entries()) {
    // Entries of a log are of one length: this is made once.
    if (leaf.length !== 1 + entry.length) leaf = Buffer.alloc(1 + entry.length, LEAF_PREFIX);
    leaf.set(entry, 1);
    row.write(hash('sha256', leaf, 'binary'), position * HASH_BYTES, 'latin1');
  }
  return row;
}

/** SHA-256(0x01 || left || right) of two hashes of 32 bytes: a node of the tree of RFC 6962, section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  NODE.set(left, 1);
  NODE.set(right, 1 + HASH_BYTES);
  return digest(NODE);
}

/** The root of a tree without leaves is the hash of nothing (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Buffer = sha256();

/**
 * Root over a row of hashes of 32 bytes, concatenated, each standing for one leaf or one complete subtree (the last may
 * be of an incomplete one). At each height a hash without a sibling moves up unchanged: the same tree as in RFC 6962.
 * Changes `row`. Throws RangeError when it is empty.
 */
export function reduceRow(row: Buffer): Buffer {
  let width = row.length / HASH_BYTES;
  if (width < 1) throw new RangeError('a row holds at least one hash');
  for (; width > 1; width = Math.ceil(width / 2)) {
    const pairs = Math.floor(width / 2);
    for (let pair = 0; pair < pairs; pair += 1) {
      const start = pair * 2 * HASH_BYTES;
      row.copy(NODE, 1, start, start + 2 * HASH_BYTES);
      row.write(hash('sha256', NODE, 'binary'), pair * HASH_BYTES, 'latin1');
    }
    if (width % 2 === 1) row.copyWithin(pairs * HASH_BYTES, (width - 1) * HASH_BYTES, width * HASH_BYTES);
  }
  return Buffer.from(row.subarray(0, HASH_BYTES));
}

/** A digest as a string of bytes and then as a buffer: three times the speed of a digest as a buffer (Node 20). */
function digest(data: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'latin1');
}

function sha256OfMuch(parts: readonly Uint8Array[]): Buffer {
  const running = createHash('sha256');
  for (const part of parts) running.update(part);
  return running.digest();
}
