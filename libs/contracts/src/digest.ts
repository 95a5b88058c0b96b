import { canonicalDigest } from './canonical.js';

/** Attributes that may differ between two sendings of the same message (design 5). */
const NOT_COMPARED = new Set(['time', 'traceparent', 'tracestate']);

/** SHA-256 over the canonical form of all attributes but time, traceparent and tracestate, plus data: 32 bytes. */
export function eventDigest(event: Readonly<Record<string, unknown>>): Buffer {
  const compared = Object.fromEntries(Object.entries(event).filter(([name]) => !NOT_COMPARED.has(name)));
  return canonicalDigest(compared);
}
