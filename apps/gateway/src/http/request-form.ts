import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../errors.js';
import { allowedMethods } from './api-routes.js';

/** Media types that the gateway answers with, most specific first: the first one that the client names decides. */
const OFFERED = ['application/json', 'application/problem+json', 'application/*', '*/*'] as const;
const ZERO_QUALITY = /^q=0(\.0{0,3})?$/;
/** A request of an agency has about ten. Node drops what comes after the two thousandth, without a word. */
const MAX_HEADERS = 100;
/** Two of these are two requests to different readers. Node takes the first of each and forgets the other. */
const SINGLE_HEADERS = new Set(['host', 'content-type', 'content-encoding']);
/** RFC 3986 host with port: a name or IPv4, or IPv6 in brackets. */
const HOST = /^([A-Za-z0-9._~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?$/;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

export interface RequestHead {
  readonly method: string;
  /** Request target as it came: path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** Whether the router knows this path with this method. */
  readonly routed: boolean;
}

/**
 * What can be said of a request without reading its body, in this order.
 * @throws GatewayError `HEADERS_TOO_LARGE` (too many), `INVALID_PARAMETER` (ambiguous), `ROUTE_NOT_FOUND`,
 * `METHOD_NOT_ALLOWED`, `NOT_ACCEPTABLE`, `UNSUPPORTED_MEDIA_TYPE` (compressed body, other characters than UTF-8)
 */
export function checkRequestForm({ method, target, headers, rawHeaders, routed }: RequestHead): void {
  refuseAmbiguous(headers, rawHeaders);
  const path = target.split('?')[0] ?? '';
  // /core/no-trailing-slash: not found, no redirect. The router reads an empty segment as a parameter without value.
  if (path.endsWith('/') || path.includes('//')) throw new GatewayError('ROUTE_NOT_FOUND', 'no such address');
  const allowed = allowedMethods(path);
  // To the router `GET /v1/cases/_search` is a case with an odd id, and `/v1/%69nbox` the inbox: whose certificate opens
  // an address is decided on what stands there, so another spelling of it is another address.
  if (!routed || !allowed.includes(method)) throw noRoute(allowed);
  if (!acceptsJson(headers.accept)) throw new GatewayError('NOT_ACCEPTABLE', 'answers are JSON');
  if (method === 'POST') refuseUnreadable(headers);
}

/** What another reader of the same bytes could take for another request (RFC 9112 3.2 and 6.1). */
function refuseAmbiguous(headers: IncomingHttpHeaders, rawHeaders: readonly string[]): void {
  if (rawHeaders.length > 2 * MAX_HEADERS) {
    throw new GatewayError('HEADERS_TOO_LARGE', `there are more than ${MAX_HEADERS} headers`);
  }
  // Node would answer this one itself, without version and problem document.
  if (!headers.host) throw new GatewayError('INVALID_PARAMETER', 'the header Host is missing');
  if (!HOST.test(headers.host)) throw new GatewayError('INVALID_PARAMETER', 'the header Host names no host');
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (seen.has(name)) throw new GatewayError('INVALID_PARAMETER', `the header ${name} stands twice`);
    if (SINGLE_HEADERS.has(name)) seen.add(name);
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new GatewayError('INVALID_PARAMETER', 'the only transfer coding is chunked');
  }
}

function refuseUnreadable(headers: IncomingHttpHeaders): void {
  if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'a compressed body is not taken');
  }
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'text is UTF-8');
  }
}

function noRoute(allowed: readonly string[]): GatewayError {
  if (allowed.length === 0) return new GatewayError('ROUTE_NOT_FOUND', 'no such address');
  return new GatewayError('METHOD_NOT_ALLOWED', 'this address exists, but not with this method', {
    headers: { allow: allowed.join(', ') },
  });
}

/** RFC 9110 12.5.1 for a server that has one representation: is JSON among what the client takes? */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const wanted = new Map<string, boolean>();
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    wanted.set(type, !parameters.some((one) => ZERO_QUALITY.test(one)));
  }
  const deciding = OFFERED.find((type) => wanted.has(type));
  return deciding !== undefined && wanted.get(deciding) === true;
}
