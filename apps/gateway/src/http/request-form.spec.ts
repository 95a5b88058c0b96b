import { describe, expect, it } from '@jest/globals';
import { acceptsJson, checkRequestForm, type RequestHead } from './request-form.js';

function refusalOf(change: Partial<RequestHead>): unknown {
  try {
    const headers = { host: 'localhost' };
    checkRequestForm({ method: 'GET', target: '/v1/inbox', headers, rawHeaders: [], routed: true, ...change });
    return null;
  } catch (error) {
    const { code, extra } = error as { code: string; extra: { headers?: unknown } };
    return extra.headers ? [code, extra.headers] : code;
  }
}

describe('the form of a request', () => {
  it('lets a well-formed request through', () => {
    expect(refusalOf({})).toBeNull();
    expect(refusalOf({ target: '/v1/inbox?after=1' })).toBeNull();
    expect(refusalOf({ headers: { host: 'x', 'content-encoding': 'identity' } })).toBeNull();
  });

  it.each([
    ['/v1/inbox/', 'ROUTE_NOT_FOUND'],
    ['/v1/messages/', 'ROUTE_NOT_FOUND'],
    ['/v1//inbox', 'ROUTE_NOT_FOUND'],
    ['/', 'ROUTE_NOT_FOUND'],
  ])('knows no address %s, even when the router would', (target, code) => {
    expect(refusalOf({ target })).toBe(code);
  });

  it.each([
    ['/v1/inbox', 'GET'],
    ['/v1/messages', 'POST'],
    ['/v1/cases/_search?x=/', 'POST'],
    ['/v1/cases/4', 'GET'],
  ])('names the methods that %s does have', (target, allow) => {
    expect(refusalOf({ target, routed: false })).toEqual(['METHOD_NOT_ALLOWED', { allow }]);
  });

  it('does not take a literal address for an id', () => {
    expect(refusalOf({ target: '/v1/cases/_search' })).toEqual(['METHOD_NOT_ALLOWED', { allow: 'POST' }]);
    expect(refusalOf({ target: '/v1/cases/_search', method: 'POST' })).toBeNull();
  });

  it('tells an unknown address from an unknown method', () => {
    expect(refusalOf({ target: '/v1/nothing', routed: false })).toBe('ROUTE_NOT_FOUND');
  });

  it('takes only the literal address for the address: whose certificate opens it is decided on it', () => {
    expect(refusalOf({ target: '/v1/%69nbox' })).toBe('ROUTE_NOT_FOUND');
    expect(refusalOf({ target: '/v1/access-%67rants' })).toBe('ROUTE_NOT_FOUND');
    expect(refusalOf({ target: '/v1/inbox#x' })).toBe('ROUTE_NOT_FOUND');
  });

  it.each(['a b', 'a/../b', 'user@host', 'x'.repeat(300), '[::1', 'h:port'])('refuses %s as a host', (host) => {
    expect(refusalOf({ headers: { host } })).toBe('INVALID_PARAMETER');
  });

  it.each(['localhost:8443', 'poort.example', '127.0.0.1:1', '[::1]:8443'])('takes %s as a host', (host) => {
    expect(refusalOf({ headers: { host } })).toBeNull();
  });

  it('refuses what could be two requests: a header that may stand once, another transfer coding', () => {
    expect(refusalOf({ rawHeaders: ['Host', 'a', 'hOST', 'b'] })).toBe('INVALID_PARAMETER');
    expect(refusalOf({ rawHeaders: ['Content-Type', 'a', 'content-type', 'a'] })).toBe('INVALID_PARAMETER');
    expect(refusalOf({ rawHeaders: ['Accept', 'a', 'accept', 'b'] })).toBeNull();
    for (const coding of ['identity, chunked', 'gzip, chunked', 'xchunked'])
      expect(refusalOf({ headers: { host: 'x', 'transfer-encoding': coding } })).toBe('INVALID_PARAMETER');
    expect(refusalOf({ headers: { host: 'x', 'transfer-encoding': 'Chunked' } })).toBeNull();
  });

  it('takes a hundred headers and no more', () => {
    const headers = (count: number): string[] => Array.from({ length: count }, (_, n) => [`x${n}`, '']).flat();
    expect(refusalOf({ rawHeaders: headers(100) })).toBeNull();
    expect(refusalOf({ rawHeaders: headers(101) })).toBe('HEADERS_TOO_LARGE');
  });

  it.each([
    ['application/json; charset=utf-8', null],
    ['application/json;charset="UTF-8"', null],
    ['application/json; charset=utf-16', 'UNSUPPORTED_MEDIA_TYPE'],
    ['text/plain;x=y; Charset = latin1', 'UNSUPPORTED_MEDIA_TYPE'],
  ])('of a body in %s says %s', (type, code) => {
    const headers = { host: 'x', 'content-type': type };
    expect(refusalOf({ target: '/v1/messages', method: 'POST', headers })).toBe(code);
  });

  it('refuses a missing host and a compressed body', () => {
    expect(refusalOf({ headers: {} })).toBe('INVALID_PARAMETER');
    const compressed = { target: '/v1/messages', method: 'POST', headers: { host: 'x', 'content-encoding': 'gzip' } };
    expect(refusalOf(compressed)).toBe('UNSUPPORTED_MEDIA_TYPE');
  });
});

describe('Accept', () => {
  it.each([
    undefined,
    '',
    '*/*',
    'application/*;q=0.1',
    'text/html, application/json;q=0.5',
    'APPLICATION/JSON',
    'application/problem+json',
    'text/html, */*;q=0.01',
  ])('takes JSON for %s', (accept) => {
    expect(acceptsJson(accept)).toBe(true);
  });

  it.each([
    'text/html',
    'application/jsonp',
    'application/json;q=0',
    'application/json;q=0.000, */*',
    '*/*;q=0',
    'json',
  ])('finds nothing to answer for %s', (accept) => {
    expect(acceptsJson(accept)).toBe(false);
  });
});
