import { describe, expect, it } from '@jest/globals';
import { personNumber } from './messages.js';

describe('invented persons', () => {
  it('have V-numbers from 9999, then from 0000, and there are no more', () => {
    const numbers = [0, 999_999, 1_000_000, 1_999_999].map((n) => personNumber(n).vNumber);
    expect(numbers).toEqual(['9999000000', '9999999999', '0000000000', '0000999999']);
    expect(() => personNumber(2_000_000)).toThrow('2000000 invented numbers');
  });
});
