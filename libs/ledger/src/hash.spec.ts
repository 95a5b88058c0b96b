import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { EMPTY_ROOT, leafHash, leafRow, nodeHash, reduceRow, sha256 } from './hash.js';
import { numberedLeaves, plainLeaf, plainRoot } from './fakes.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('hashing of RFC 6962', () => {
  it('gives the hashes that transparency-dev/merkle publishes (rfc6962/rfc6962_test.go)', () => {
    expect(hex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(leafHash(Buffer.alloc(0)))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(hex(leafHash(Buffer.from('L123456')))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    );
  });

  it('hashes parts as one text, whatever their number and size', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (parts) => {
        expect(sha256(...parts)).toEqual(createHash('sha256').update(Buffer.concat(parts)).digest());
      }),
    );
    const large = Buffer.alloc(65_536, 7);
    for (const part of [large, large.subarray(1), large.subarray(2)]) {
      expect(leafHash(part)).toEqual(plainLeaf(part));
      expect(sha256(part, Buffer.of(1))).toEqual(createHash('sha256').update(part).update(Buffer.of(1)).digest());
    }
  });

  it('keeps each hash to itself: the next one does not write over it', () => {
    const leaves = numberedLeaves(2);
    const [left, right] = [leafHash(Buffer.from('0')), leafHash(Buffer.from('1'))];
    const node = nodeHash(left, right);
    nodeHash(right, left);
    expect([left, right]).toEqual(leaves);
    expect(node).toEqual(plainRoot(leaves));
  });

  it('hashes the leaves of a row as one by one, of whatever length they are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 9 }), (entries) => {
        expect(leafRow(entries)).toEqual(Buffer.concat(entries.map((entry) => plainLeaf(entry))));
      }),
    );
  });

  it('reduces a row of any width to the root of the tree over it', () => {
    const leaves = numberedLeaves(256);
    for (let width = 1; width <= 256; width += 1) {
      expect(reduceRow(Buffer.concat(leaves.slice(0, width)))).toEqual(plainRoot(leaves.slice(0, width)));
    }
    expect(() => reduceRow(Buffer.alloc(0))).toThrow(RangeError);
  });
});
