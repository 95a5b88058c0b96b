import { canonicalDigest } from './canonical.js';

/**
 * SHA-256 over the canonical form of all attributes but those that may differ between two sendings of the same message
 * (design 5), time, traceparent and tracestate, plus data: 32 bytes.
 */
export function eventDigest(event: Readonly<Record<string, unknown>>): Buffer {
  // Undefined members are left out of the form.
  return canonicalDigest({ ...event, time: undefined, traceparent: undefined, tracestate: undefined });
}
