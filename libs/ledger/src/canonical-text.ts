import { HASH_BYTES } from './hash.js';

// Texts of the ledger have one spelling for each value: what is read must be exactly what would be written.

/** Bytes of standard base64 (RFC 4648, section 4) with its padding and nothing else, or null. */
export function parseBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return text.length > 0 && bytes.toString('base64') === text ? bytes : null;
}

/** A hash of 32 bytes in base64, or null. */
export function parseHash(text: string): Buffer | null {
  const bytes = parseBase64(text);
  return bytes?.length === HASH_BYTES ? bytes : null;
}

/** Hashes of 32 bytes in base64, one a line, at most `max` of them; or null. */
export function parseHashes(lines: readonly string[], max: number): Buffer[] | null {
  if (lines.length > max) return null;
  const hashes = lines.map(parseHash);
  return hashes.every((hash) => hash !== null) ? hashes : null;
}

/** A decimal count without sign or leading zeros, at most 2^53 - 1, or null. */
export function parseCount(text: string): number | null {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return null;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : null;
}

/** The text when it is UTF-8 of at most `bytesMax` bytes, or null: nothing is replaced in silence. */
export function parseUtf8(text: string | Uint8Array, bytesMax: number): string | null {
  // Every character takes a byte at least: what is too long is refused before it is copied.
  if (text.length > bytesMax) return null;
  const bytes = Buffer.from(text as string);
  const decoded = bytes.toString();
  const isSame = typeof text === 'string' ? decoded === text : bytes.equals(Buffer.from(decoded));
  return isSame && bytes.length <= bytesMax ? decoded : null;
}
