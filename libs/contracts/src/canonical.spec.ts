import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalBytes, canonicalText } from './canonical.js';

describe('the canonical form', () => {
  it('is that of the examples in RFC 8785', () => {
    const literals = `{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}`;
    expect(canonicalText(JSON.parse(literals))).toBe(
      `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        `"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"}`,
    );
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonicalText(keys)) as object)).toEqual([4, 2, 6, 7, 1, 5, 3]);
    expect(canonicalText([-0, 1e21, 1e-7, 123456789012345680000, 5e-324])).toBe(
      '[0,1e+21,1e-7,123456789012345680000,5e-324]',
    );
  });

  it('is, of whatever JSON holds, that of the library of the author of the RFC', () => {
    const key = fc.oneof(
      fc.constantFrom('1', '10', '9', '\ue000', '😀', 'toJSON', 'length'),
      fc.string({ unit: 'binary' }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue({ stringUnit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string({ unit: 'binary', maxLength: 6_000, size: 'max' }),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value'), { maxKeys: 300 }),
      ),
    }));
    fc.assert(
      fc.property(value, (one) => expect(canonicalText(one)).toBe(canonicalize(one))),
      { numRuns: 300 },
    );
  });

  it('leaves out what is undefined, as the records rely on', () => {
    expect(canonicalBytes({ b: undefined, a: [1] }).toString()).toBe('{"a":[1]}');
  });

  it('refuses what JSON cannot hold', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(() => canonicalText(undefined)).toThrow('no JSON form');
    for (const value of [() => 1, NaN, -Infinity, 1n, circular]) {
      expect(() => canonicalText(value)).toThrow();
      expect(() => canonicalText({ x: [value] })).toThrow();
    }
  });
});
