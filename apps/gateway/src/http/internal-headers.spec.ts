import { describe, expect, it } from '@jest/globals';
import { PEER_KINDS } from '#contracts/domain.js';
import { stripInternalHeaders } from './internal-headers.js';

function left(kind: (typeof PEER_KINDS)[number], names: readonly string[]): string[] {
  const headers = Object.fromEntries(names.map((name) => [name, 'x']));
  stripInternalHeaders(headers, kind);
  return Object.keys(headers);
}

describe('internal headers from outside', () => {
  it.each(PEER_KINDS.filter((kind) => kind !== 'CONSOLE'))('are gone for %s', (kind) => {
    const claims = ['client-cert', 'x-forwarded-client-cert', 'x-ssl-client-cert', 'forwarded', 'x-forwarded-for'];
    expect(left(kind, [...claims, 'x-forwarded-anything', 'x-http-method-override'])).toEqual([]);
  });

  it('are gone for the console too, but for the certificate of its officer', () => {
    expect(left('CONSOLE', ['client-cert', 'client-cert-chain', 'forwarded'])).toEqual(['client-cert']);
  });

  it('are told from the headers of the interface', () => {
    const own = ['host', 'accept', 'content-type', 'purpose-of-use', 'user-reference', 'traceparent', 'x-forward'];
    expect(left('IND', own)).toEqual(own);
  });
});
