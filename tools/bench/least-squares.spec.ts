import { describe, expect, it } from '@jest/globals';
import { leastSquaresSlope } from './least-squares.js';

describe('the slope of memory', () => {
  it('is that of the line behind the noise', () => {
    const points = [0, 1, 2, 3].map((minute) => [minute, 100 + 2 * minute + (minute % 2 === 0 ? 1 : -1)] as const);
    expect(leastSquaresSlope(points)).toBeCloseTo(1.6);
    expect(leastSquaresSlope([0, 1, 2].map((x) => [x, 5 - 3 * x] as const))).toBeCloseTo(-3);
  });

  it('is none where there is no line', () => {
    expect(leastSquaresSlope([])).toBe(0);
    expect(leastSquaresSlope([[3, 100]])).toBe(0);
  });
});
