import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Attributes that may differ between two sendings of the same message (design 5). */
const NOT_COMPARED = new Set(['time', 'traceparent', 'tracestate']);

/** RFC 8785 (JCS) form in UTF-8. Throws on what JSON cannot hold. */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('the value has no JSON form');
  return Buffer.from(text, 'utf8');
}

/** SHA-256 over the canonical form of all attributes but time, traceparent and tracestate, plus data: 32 bytes. */
export function eventDigest(event: Readonly<Record<string, unknown>>): Buffer {
  const compared = Object.fromEntries(Object.entries(event).filter(([name]) => !NOT_COMPARED.has(name)));
  return createHash('sha256').update(canonicalBytes(compared)).digest();
}
