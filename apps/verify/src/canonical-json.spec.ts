import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { CanonicalScanner } from './canonical-json.js';

const PATHS = [['id'], ['peer', 'oin'], ['peer'], ['zoë']] as const;
const scanner = new CanonicalScanner(PATHS);

function scan(text: string | Buffer): string | null {
  const bytes = Buffer.concat([Buffer.from('##'), Buffer.from(text), Buffer.from('"}')]);
  return scanner.scan(bytes, 2, bytes.length - 2);
}

/** The slow way round: read it, write it, compare. */
function isCanonical(bytes: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && canonicalize(value) === text;
  } catch {
    return false;
  }
}

describe('canonical JSON', () => {
  const key = fc.oneof(fc.constantFrom('id', 'peer', 'oin', 'a', 'aa', '1', '10', '9', '\ue000', '😀'), fc.string());
  const { object } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      tie('object'),
      fc.double(),
      fc.string({ unit: 'grapheme' }),
    ),
    object: fc.dictionary(key, tie('value'), { maxKeys: 8 }),
  }));
  const canonical = object.map((value) => Buffer.from(canonicalize(JSON.parse(JSON.stringify(value))) ?? ''));

  it('takes what the canonical form of an object is', () => {
    fc.assert(
      fc.property(canonical, (bytes) => expect(scan(bytes)).toBeNull()),
      { numRuns: 500 },
    );
  });

  it('judges every change of a byte as reading, writing and comparing would', () => {
    const bit = fc.record({ where: fc.nat(), to: fc.constantFrom(...Buffer.from('"\\{}[],:0 1-.eEn+u/\n\x80\xff')) });
    fc.assert(
      fc.property(canonical, bit, fc.constantFrom('set', 'insert', 'remove'), (bytes, { where, to }, how) => {
        const at = where % bytes.length;
        const changed = Buffer.concat([
          bytes.subarray(0, at),
          how === 'remove' ? Buffer.alloc(0) : Buffer.of(to),
          bytes.subarray(how === 'insert' ? at : at + 1),
        ]);
        expect([changed.toString('latin1'), scan(changed) === null]).toEqual([
          changed.toString('latin1'),
          isCanonical(changed),
        ]);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['{"b":1,"a":2}', 'out of order'],
    ['{"a":1,"a":1}', 'twice'],
    ['{"10":1,"9":1}', null],
    ['{"9":1,"10":1}', 'out of order'],
    ['{"a":1.0}', 'number'],
    ['{"a":1e3}', 'number'],
    ['{"a":1e+21}', null],
    ['{"a":-0}', 'number'],
    ['{"a":01}', 'number'],
    ['{"a":0}', null],
    ['{"a":9007199254740992}', null],
    // The nearest double is another number.
    ['{"a":9007199254740993}', 'number'],
    ['{"a":"\\u0041"}', 'escape'],
    ['{"a":"\\u000A"}', 'escape'],
    ['{"a":"\\u000a"}', 'escape'],
    ['{"a":"\\u001f\\n"}', null],
    ['{"a":"\\/"}', 'escape'],
    ['{"a":"\\ud800"}', 'escape'],
    ['{"a": 1}', 'number'],
    ['{"a":1}\n', 'goes on'],
    ['[]', 'no JSON object'],
    ['', 'no JSON object'],
    ['{"a":"', 'ends within a text'],
    ['{"a":{"b":1}', 'comma'],
    [`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, '32 deep'],
    // Not the order of the bytes: a surrogate pair comes before U+E000.
    ['{"\u{1f600}":1,"\ue000":1}', null],
    ['{"\ue000":1,"\u{1f600}":1}', 'out of order'],
  ])('%s', (text, problem) => {
    if (problem === null) expect(scan(text)).toBeNull();
    else expect(scan(text)).toContain(problem);
  });

  it('is not UTF-8 when a byte does not belong there', () => {
    expect(scan(Buffer.from('{"a":"\xff"}', 'latin1'))).toBe('is not UTF-8');
  });

  it('says where the wanted members stand, at their own level only', () => {
    const text = '{"a":{"id":0},"id":"x","peer":{"id":1,"kind":"IND","oin":"0001"},"peers":[{"oin":2}],"zoë":[1]}';
    expect(scan(text)).toBeNull();
    const bytes = Buffer.concat([Buffer.from('##'), Buffer.from(text)]);
    const found = PATHS.map((_, slot) => bytes.toString('utf8', scanner.spans[slot * 2], scanner.spans[slot * 2 + 1]));
    expect(found).toEqual(['"x"', '"0001"', '{"id":1,"kind":"IND","oin":"0001"}', '[1]']);
    expect(scan('{}')).toBeNull();
    expect([...scanner.spans]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
