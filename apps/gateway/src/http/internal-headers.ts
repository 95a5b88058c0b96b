import type { IncomingHttpHeaders } from 'node:http';
import type { PeerKind } from '#contracts/domain.js';

/** Headers by which one component tells the next who is calling; from outside they are a claim that nobody checked. */
const CLIENT_CERTIFICATE_HEADERS = new Set([
  'client-cert',
  'client-cert-chain',
  'x-client-cert',
  'x-client-dn',
  'x-forwarded-client-cert',
  'x-ssl-cert',
  'x-ssl-client-cert',
  'ssl-client-cert',
]);
const FORWARDING_HEADERS = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'true-client-ip',
  'x-original-url',
  'x-rewrite-url',
]);
const METHOD_OVERRIDES = new Set(['x-http-method', 'x-http-method-override', 'x-method-override']);

/**
 * Removes internal headers (API Design Rules, transport; C21), so that nothing behind this point can trust one by
 * mistake. Only the console may say with `Client-Cert` (RFC 9440) which officer it serves; the certificate is checked
 * again there.
 */
export function stripInternalHeaders(headers: IncomingHttpHeaders, kind: PeerKind | null): void {
  for (const name of Object.keys(headers)) {
    if (name === 'client-cert' && kind === 'CONSOLE') continue;
    if (isInternal(name)) delete headers[name];
  }
}

function isInternal(name: string): boolean {
  return (
    CLIENT_CERTIFICATE_HEADERS.has(name) ||
    FORWARDING_HEADERS.has(name) ||
    METHOD_OVERRIDES.has(name) ||
    name.startsWith('x-forwarded-')
  );
}
