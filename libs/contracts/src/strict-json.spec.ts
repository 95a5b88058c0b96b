import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson, StrictJsonError } from './strict-json.js';

const MAX_DEPTH = 32;
const LONGEST_CPU_MS = 5_000;

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text, 'utf8'));

function codeOf(bytes: string | Uint8Array): string {
  try {
    parseStrictJson(typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes);
    return 'read';
  } catch (error) {
    if (error instanceof StrictJsonError) return error.code;
    throw error;
  }
}

const depthOf = (value: unknown): number =>
  value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));
const unsafe = (value: unknown): boolean =>
  value !== null &&
  typeof value === 'object' &&
  (Object.keys(value).some((key) => ['__proto__', 'constructor', 'prototype'].includes(key)) ||
    Object.values(value).some(unsafe));

describe('reading JSON', () => {
  it('gives what JSON.parse gives, for any value and any spacing', () => {
    const value = fc.jsonValue().filter((one) => depthOf(one) <= MAX_DEPTH && !unsafe(one));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (one, spacing) => {
        const text = JSON.stringify(one, null, spacing);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('gives what JSON.parse gives when keys and values are written in escapes', () => {
    const escaped = (text: string): string =>
      [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (key, value) => {
        const text = `{"${escaped(key)}":["${escaped(value)}"]}`;
        if (!unsafe(JSON.parse(text))) expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses as malformed exactly what JSON.parse refuses, for any text of JSON characters', () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0061e-. tnrb') });
    fc.assert(
      fc.property(text, (one) => {
        let grammatical = true;
        try {
          JSON.parse(one);
        } catch {
          grammatical = false;
        }
        const code = codeOf(one);
        if (grammatical) expect(code).not.toBe('MALFORMED_JSON');
        else expect(code).toMatch(/MALFORMED_JSON|NESTING_TOO_DEEP/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a key that stands twice in one object', () => {
  it.each([
    ['as it is', '{"a":1,"a":2}'],
    ['once in escapes', '{"a":1,"\\u0061":2}'],
    ['twice in escapes of another form', '{"\\u00E9":1,"\\u00e9":2}'],
    ['with spaces before the colon', '{"a" :1,"a"\n\t:2}'],
    ['with the same value', '{"a":[],"a":[]}'],
    ['deep inside', '{"x":[{"y":{"a":{"a":1},"b":[],"a":3}}]}'],
    ['empty', '{"":1,"":2}'],
    ['with a quote in it', '{"a\\"":1,"a\\"":2}'],
  ])('is found %s', (_how, text) => {
    expect(codeOf(text)).toBe('DUPLICATE_KEY');
  });

  it.each([
    ['in two objects', '[{"a":1},{"a":2}]'],
    ['in a parent and its child', '{"a":{"a":1}}'],
    ['as key and as value', '{"a":"a","b":["a","a"]}'],
    ['in a value that looks like JSON', '{"a":"{\\"a\\":1,\\"a\\":2}"}'],
    ['but for its case', '{"a":1,"A":2}'],
  ])('is not one: %s', (_how, text) => {
    expect(codeOf(text)).toBe('read');
  });

  it('is found in any object wherever a key of it is added again', () => {
    const object = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1, maxKeys: 6 });
    fc.assert(
      fc.property(
        object.filter((one) => depthOf(one) < MAX_DEPTH && !unsafe(one)),
        (one) => {
          const [key] = Object.keys(one);
          const text = `${JSON.stringify(one).slice(0, -1)},${JSON.stringify(key)}:null}`;
          expect(codeOf(text)).toBe('DUPLICATE_KEY');
        },
      ),
    );
  });
});

describe('limits', () => {
  const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

  it('takes 32 levels and refuses 33', () => {
    expect(codeOf(nested(MAX_DEPTH, '[', ']'))).toBe('read');
    expect(codeOf(nested(MAX_DEPTH + 1, '[', ']'))).toBe('NESTING_TOO_DEEP');
    const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    expect(codeOf(objects(MAX_DEPTH))).toBe('read');
    expect(codeOf(objects(MAX_DEPTH + 1))).toBe('NESTING_TOO_DEEP');
  });

  it('counts no bracket inside a text', () => {
    expect(codeOf(JSON.stringify(['['.repeat(100), '"['.repeat(100), '\\'.repeat(99)]))).toBe('read');
  });

  it.each([
    ['opening brackets', '['.repeat(1_000_000), 'NESTING_TOO_DEEP'],
    ['quotes', '"'.repeat(1_000_000), 'MALFORMED_JSON'],
    ['backslashes in a text', `"${'\\\\'.repeat(500_000)}"`, 'read'],
    ['siblings', `[${'[],'.repeat(300_000)}[]]`, 'read'],
    ['spaces behind a key', `{"a"${' '.repeat(1_000_000)}:1}`, 'read'],
  ])('judges a megabyte of %s at once', (_what, text, code) => {
    const start = process.cpuUsage();
    expect(codeOf(text)).toBe(code);
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(LONGEST_CPU_MS);
  });

  it('refuses names that reach a prototype, bytes that are no UTF-8, and a byte order mark', () => {
    expect(codeOf('{"__proto__":{"admin":true}}')).toBe('MALFORMED_JSON');
    expect(codeOf('{"\\u005f_proto__":{}}')).toBe('MALFORMED_JSON');
    expect(codeOf('{"constructor":{}}')).toBe('MALFORMED_JSON');
    expect(codeOf(Buffer.from([0x22, 0xff, 0x22]))).toBe('MALFORMED_JSON');
    expect(codeOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe('MALFORMED_JSON');
    expect(codeOf('\ufeff{}')).toBe('MALFORMED_JSON');
    expect(codeOf('')).toBe('MALFORMED_JSON');
  });

  it('says nothing of what stood in the text', () => {
    expect(() => parse('{"Proefpersoon": nee}')).toThrow(/^MALFORMED_JSON$/);
  });
});
