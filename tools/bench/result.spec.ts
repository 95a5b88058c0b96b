import { describe, expect, it } from '@jest/globals';
import { spreadOf, within } from './result.js';

describe('what the runs come to', () => {
  it('is the middle one, or between the two in the middle', () => {
    expect(spreadOf([9, 1, 4])).toEqual({ median: 4, min: 1, max: 9 });
    expect(spreadOf([8, 2, 4, 6])).toEqual({ median: 5, min: 2, max: 8 });
  });
});

describe('a bound', () => {
  it('holds at the bound itself and not beyond it', () => {
    expect(within({ value: 0.5, atLeast: 0.5 })).toBe(true);
    expect(within({ value: 0.49, atLeast: 0.5 })).toBe(false);
    expect(within({ value: 1.21, atMost: 1.2 })).toBe(false);
  });

  it('does not hold for what could not be measured', () => {
    expect(within({ value: Number.NaN, atLeast: 0 })).toBe(false);
  });
});
