import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../errors.js';
import { allowedMethods } from './api-routes.js';

/** Media types that the gateway answers with, most specific first: the first one that the client names decides. */
const OFFERED = ['application/json', 'application/problem+json', 'application/*', '*/*'] as const;
const ZERO_QUALITY = /^q=0(\.0{0,3})?$/;

export interface RequestHead {
  readonly method: string;
  /** Request target as it came: path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Whether the router knows this path with this method. */
  readonly routed: boolean;
}

/**
 * What can be said of a request without reading its body, in this order.
 * @throws GatewayError `INVALID_PARAMETER` (no host), `ROUTE_NOT_FOUND`, `METHOD_NOT_ALLOWED`, `NOT_ACCEPTABLE`,
 * `UNSUPPORTED_MEDIA_TYPE` (compressed body)
 */
export function checkRequestForm({ method, target, headers, routed }: RequestHead): void {
  // Node would answer this one itself, without version and problem document.
  if (!headers.host) throw new GatewayError('INVALID_PARAMETER', 'the header Host is missing');
  const path = target.split('?')[0] ?? '';
  // /core/no-trailing-slash: not found, no redirect. The router reads an empty segment as a parameter without value.
  if (path.endsWith('/') || path.includes('//')) throw new GatewayError('ROUTE_NOT_FOUND', 'no such address');
  const allowed = allowedMethods(path);
  // To the router `GET /v1/cases/_search` is a case with an odd id.
  if (!routed || (allowed.length > 0 && !allowed.includes(method))) throw noRoute(allowed);
  if (!acceptsJson(headers.accept)) throw new GatewayError('NOT_ACCEPTABLE', 'answers are JSON');
  if (method === 'POST' && !/^(identity)?$/i.test(headers['content-encoding'] ?? '')) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'a compressed body is not taken');
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
