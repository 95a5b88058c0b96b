import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A reader of logs as a stranger would write it: from the text of C2SP signed-note, tlog-checkpoint and tlog-tiles and
 * of RFC 6962, and with nothing of ours. It is slow, short, and makes no use of what our tools happen to write.
 */
export interface ForeignReading {
  readonly origin: string;
  readonly size: number;
  /** Base64: what the log signed, what its tiles add up to, and what its entries add up to. */
  readonly signedRoot: string;
  readonly rootOfTiles: string;
  readonly rootOfEntries: string;
}

const TILE_WIDTH = 256;
const HASH_BYTES = 32;
const ED25519 = 0x01;

/** Reads a log that lies in a folder. Throws when it is not signed by the key. */
export function readAsStranger(folder: string, vkey: string): ForeignReading {
  const file = (path: string): Buffer => readFileSync(join(folder, path));
  const { origin, size, signedRoot } = openCheckpoint(file('checkpoint').toString(), vkey);
  const bundles = Array.from({ length: Math.ceil(size / TILE_WIDTH) }, (_, n) => file(tile('entries', n, size)));
  const leaves = bundles.flatMap(entriesOf).map((entry) => sha256(Buffer.of(0), entry));
  const hashAt = (level: number, index: number): Buffer => {
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    return file(tile(level, Math.floor(index / TILE_WIDTH), size)).subarray(at, at + HASH_BYTES);
  };
  const rootOfEntries = leaves.length === size ? treeHash(0, size, (_, index) => leaves[index], 0) : sha256();
  const rootOfTiles = treeHash(0, size, hashAt, Number.MAX_SAFE_INTEGER);
  return {
    ...{ origin, size, signedRoot },
    rootOfTiles: rootOfTiles.toString('base64'),
    rootOfEntries: rootOfEntries.toString('base64'),
  };
}

/** RFC 6962, section 2.1; the hash of a complete subtree of 256^L leaves is at level L, as far up as is asked. */
function treeHash(
  start: number,
  end: number,
  hashAt: (level: number, index: number) => Buffer | undefined,
  levelMax: number,
): Buffer {
  const width = end - start;
  if (width === 0) return sha256();
  const level = Math.round(Math.log(width) / Math.log(TILE_WIDTH));
  if (level <= levelMax && TILE_WIDTH ** level === width && start % width === 0) {
    const hash = hashAt(level, start / width);
    if (hash?.length !== HASH_BYTES) throw new Error(`no hash at level ${level} for leaf ${start}`);
    return hash;
  }
  let left = 1;
  while (left * 2 < width) left *= 2;
  const [one, other] = [[start, start + left] as const, [start + left, end] as const];
  return sha256(Buffer.of(1), treeHash(...one, hashAt, levelMax), treeHash(...other, hashAt, levelMax));
}

function openCheckpoint(note: string, vkey: string): Pick<ForeignReading, 'origin' | 'size' | 'signedRoot'> {
  const [, name = '', keyId = '', typed = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey.trim()) ?? [];
  const key = Buffer.from(typed, 'base64');
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const lines = note.slice(text.length + 1).split('\n');
  const ours = lines.find((line) => line.startsWith(`\u2014 ${name} `))?.split(' ')[2] ?? '';
  const signature = Buffer.from(ours, 'base64');
  const ownId = sha256(Buffer.from(`${name}\n`), key).subarray(0, 4);
  if (key[0] !== ED25519 || ownId.toString('hex') !== keyId || !signature.subarray(0, 4).equals(ownId)) {
    throw new Error('the checkpoint names another key');
  }
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.subarray(1).toString('base64url') };
  if (!verify(null, Buffer.from(text), createPublicKey({ key: jwk, format: 'jwk' }), signature.subarray(4))) {
    throw new Error('the signature does not hold');
  }
  const [origin = '', size = '', signedRoot = ''] = text.split('\n');
  return { origin, size: Number(size), signedRoot };
}

/** `tile/<L>/<N>[.p/<W>]`: N in groups of three digits, all but the last with an x before it. */
function tile(level: number | 'entries', n: number, size: number): string {
  const groups = String(n)
    .padStart(Math.ceil(String(n).length / 3) * 3, '0')
    .match(/\d{3}/g);
  const name = (groups ?? []).map((group, at, all) => (at < all.length - 1 ? `x${group}` : group)).join('/');
  const all = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  const width = Math.min(TILE_WIDTH, all - n * TILE_WIDTH);
  return `tile/${level}/${name}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/** Each entry behind its length, a big-endian uint16. */
function entriesOf(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
