import { SECURITY_HEADERS } from '../http/security-headers.js';
import { asyncapiDocument } from './asyncapi.js';
import { openapiDocument } from './openapi.js';
import { docsPage } from './page/docs-page.js';

/** What the public listener serves at one address: ready bytes, the same for everyone. */
export interface PublicDocument {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** For every origin (API Design Rules /core/publish-openapi): the documents are public and no request carries a secret. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'API-Version' };

/** Long enough that nobody asks for each receipt, short enough that a new key is known before its receipts are many. */
const KEYS_CACHED = 'public, max-age=300';

/**
 * Every public address with its document.
 * @param gatewayUrl base of the agency interface, without a slash at the end
 * @param receiptKeys public keys (JWK) that receipts were signed with, the present one first
 */
export function publicDocuments(
  gatewayUrl: string,
  receiptKeys: readonly object[],
): ReadonlyMap<string, PublicDocument> {
  const openapi = openapiDocument(gatewayUrl);
  const asyncapi = asyncapiDocument();
  const page = docsPage(openapi, asyncapi);
  const pageHeaders = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': page.contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
  };
  return new Map([
    ['/v1/openapi.json', document(JSON.stringify(openapi), { 'content-type': 'application/json', ...CORS })],
    ['/v1/asyncapi.json', document(JSON.stringify(asyncapi), { 'content-type': 'application/json', ...CORS })],
    [
      '/v1/receipt-keys',
      document(JSON.stringify({ keys: receiptKeys }), {
        'content-type': 'application/jwk-set+json',
        'cache-control': KEYS_CACHED,
        ...CORS,
      }),
    ],
    ['/docs', document(page.html, pageHeaders)],
  ]);
}

function document(text: string, headers: Record<string, string>): PublicDocument {
  const body = Buffer.from(text, 'utf8');
  return { body, headers: { ...SECURITY_HEADERS, ...headers, 'content-length': String(body.length) } };
}
