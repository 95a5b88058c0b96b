import type { KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { canonicalBytes } from '#contracts/canonical.js';
import { GatewayError } from '../../errors.js';

/** Algorithms that fit the keys a peer may have (P-256 and up, RSA from 3072, Ed25519). */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'EdDSA'];
const NOT_SIGNED = new Set(['jws', 'time', 'traceparent', 'tracestate']);

/**
 * Checks the sender's own signature when there is one: `jws` is a detached compact JWS (RFC 7515, appendix F) over the
 * canonical form (RFC 8785) of what also makes a message the same message, by the key of the connection's certificate.
 * Throws SIGNATURE_INVALID.
 */
export async function checkSenderSignature(event: Readonly<Record<string, unknown>>, key: KeyObject): Promise<void> {
  if (typeof event.jws !== 'string') return;
  const signed = Object.fromEntries(Object.entries(event).filter(([name]) => !NOT_SIGNED.has(name)));
  const [header = '', , signature = ''] = event.jws.split('.');
  const token = `${header}.${canonicalBytes(signed).toString('base64url')}.${signature}`;
  await compactVerify(token, key, { algorithms: ALGORITHMS }).catch(() => {
    throw new GatewayError(
      'SIGNATURE_INVALID',
      'jws does not verify with the key of the certificate of this connection',
    );
  });
}
