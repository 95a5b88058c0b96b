import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entryBytes, entryDigest, expiryMonth, recordCommitment } from './entry.js';
import { leafHash } from './hash.js';

// Computed with Python's hashlib from the layout in the documentation, not with this code.
const SALT = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const RECORD = Buffer.from('{"a":1}');
const COMMITMENT = '4f19620c461d8a7dbce184d078ae5cea8d74bdf4cb77c5b4525343a83029003e';
const ENTRY = `01015f3e${COMMITMENT}`;
const DIGEST = '697f2249d08d6d04f0e549451a28e3950d475bf2c975fa85aa95333c9328a47c';
const LEAF = '56b6c8b8a730843753b7d883e7f9d9aca3e7cd40800114471b338d74fb9efaef';
const RFC6962_LEAF_OF_NOTHING = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d';

const entry = (commitment: Buffer, expiresMonth = '2031-11'): Buffer =>
  entryBytes({ retentionClass: 'RELEASE', expiresMonth, commitment });

describe('ledger entry', () => {
  it('commits to salt and record in the documented layout', () => {
    const commitment = recordCommitment(SALT, RECORD);
    expect(commitment.toString('hex')).toBe(COMMITMENT);
    expect(entry(commitment).toString('hex')).toBe(ENTRY);
  });

  it('gives the digest that receipts carry and the leaf of RFC 6962', () => {
    const bytes = Buffer.from(ENTRY, 'hex');
    expect(entryDigest(bytes).toString('hex')).toBe(DIGEST);
    expect(leafHash(bytes).toString('hex')).toBe(LEAF);
    expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(RFC6962_LEAF_OF_NOTHING);
  });

  it('changes with every single bit of salt and record', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (record, where) => {
        const bytes = Buffer.concat([SALT, record]);
        const bit = where % (bytes.length * 8);
        const before = recordCommitment(bytes.subarray(0, 32), bytes.subarray(32));
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(recordCommitment(bytes.subarray(0, 32), bytes.subarray(32))).not.toEqual(before);
      }),
    );
  });

  it('keeps a record for its term after its own month, in UTC', () => {
    expect(expiryMonth(new Date('2026-11-30T23:59:59.999Z'), 60)).toBe('2031-11');
    expect(expiryMonth(new Date('2026-12-01T00:00:00Z'), 60)).toBe('2031-12');
    expect(expiryMonth(new Date('2027-01-01T00:30:00+01:00'), 60)).toBe('2031-12');
    expect(expiryMonth(new Date('2026-11-22T00:00:00Z'), 1)).toBe('2026-12');
  });

  it('never ends for what is kept for ever', () => {
    const bytes = entryBytes({
      retentionClass: 'PERMANENT',
      expiresMonth: expiryMonth(new Date('2026-11-30T00:00:00Z'), null),
      commitment: Buffer.alloc(32),
    });
    expect(bytes.subarray(1, 4)).toEqual(Buffer.of(4, 0xff, 0xff));
  });

  it('refuses a salt, commitment or month of another size or form', () => {
    expect(() => recordCommitment(SALT.subarray(1), RECORD)).toThrow('32 bytes');
    expect(() => entry(Buffer.alloc(31))).toThrow('32 bytes');
    for (const month of ['2031-13', '2031-1', '203111', '']) expect(() => entry(SALT, month)).toThrow('YYYY-MM');
  });
});
