import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBytes } from './canonical.js';
import { eventDigest } from './digest.js';

describe('the digest by which two sendings are the same message', () => {
  const event = { id: 'a', source: 'urn:nld:oin:00000099000000000101:zaak', type: 't', data: { x: [1, 'é'] } };
  const hex = (value: Record<string, unknown>): string => eventDigest(value).toString('hex');

  it('is SHA-256 over the canonical form, keys in order and without spaces', () => {
    const text = '{"data":{"x":[1,"é"]},"id":"a","source":"urn:nld:oin:00000099000000000101:zaak","type":"t"}';
    expect(hex(event)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
    expect(canonicalBytes({ b: 1e21, a: '\u20ac\u0007' }).toString()).toBe('{"a":"€\\u0007","b":1e+21}');
  });

  it('does not see the time, the trace or the order of keys', () => {
    const again = { data: event.data, type: 't', time: 'later', traceparent: 'x', tracestate: 'y', id: 'a' };
    expect(hex({ ...again, source: event.source })).toBe(hex(event));
  });

  it('sees any other difference, also in attributes that nobody knows', () => {
    const other = fc.jsonValue();
    fc.assert(fc.property(other, (value) => expect(hex({ ...event, expiresat: value })).not.toBe(hex(event))));
    expect(hex({ ...event, data: { x: [1, 'e'] } })).not.toBe(hex(event));
    expect(hex({ ...event, purpose: 'P02' })).not.toBe(hex({ ...event, purpose: 'P03' }));
    expect(hex({ ...event, data: { ...event.data, time: 't' } })).not.toBe(hex(event));
  });
});
