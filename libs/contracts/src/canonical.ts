import { hash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

const sorted = configure({ deterministic: true, strict: true });

/**
 * RFC 8785 (JCS) form of a JSON value: keys in order of their UTF-16 code units, texts and numbers as ECMAScript writes
 * them, no spaces. Members that are undefined are left out. Throws on what JSON cannot hold.
 */
export function canonicalText(value: unknown): string {
  const text = sorted(value);
  if (text === undefined) throw new Error('the value has no JSON form');
  return text;
}

/** The same in UTF-8. */
export function canonicalBytes(value: unknown): Buffer {
  return Buffer.from(canonicalText(value), 'utf8');
}

/** SHA-256 over the canonical form: 32 bytes. */
export function canonicalDigest(value: unknown): Buffer {
  return hash('sha256', canonicalBytes(value), 'buffer');
}
