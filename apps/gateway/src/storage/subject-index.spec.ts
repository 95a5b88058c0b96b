import { describe, expect, it } from '@jest/globals';
import { partitionKey, subjectIndex } from './subject-index.js';

// Computed with Python's hmac.
const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const V_NUMBER = '0000000001';
const INDEX = 'c0e6ac3c3873ce1c38d9723562d64abefdd34e2f97e46670c092f6a169efb98d';
const DTV = '00000099000000000302';
const CASE_ID = '00000000-0000-4000-8000-000000000001';

describe('keyed index and pseudonym', () => {
  it('finds the same person under the same key, and nobody without it', () => {
    expect(subjectIndex(KEY, V_NUMBER).toString('hex')).toBe(INDEX);
    expect(subjectIndex(Buffer.alloc(32), V_NUMBER).toString('hex')).not.toBe(INDEX);
  });

  it('gives each recipient its own pseudonym of a case, so that topics cannot be joined', () => {
    expect(partitionKey(KEY, DTV, CASE_ID)).toBe('5gwz3YNnCH2i0HDeR9BlmQ');
    expect(partitionKey(KEY, '00000099000000000301', CASE_ID)).not.toBe(partitionKey(KEY, DTV, CASE_ID));
  });

  it('does not confuse where one part ends and the next begins', () => {
    expect(partitionKey(KEY, 'ab', 'c')).not.toBe(partitionKey(KEY, 'a', 'bc'));
  });
});
