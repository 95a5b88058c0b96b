import { describe, expect, it } from '@jest/globals';
import { BatchSize } from './batch-size.js';

const limits = { max: 128, min: 16, aimMs: 100 };

/** Sizes of batches of which there is always enough, where a batch takes so long. */
function sizes(elapsedMs: (cost: number) => number, batches: number): number[] {
  const size = new BatchSize(limits);
  return Array.from({ length: batches }, () => {
    const { maxCost } = size;
    size.took(elapsedMs(maxCost), true);
    return maxCost;
  });
}

describe('the size of a batch', () => {
  it('stays as large as it may be while that is quick', () => {
    expect(sizes((cost) => 5 + cost * 0.5, 4)).toEqual([128, 128, 128, 128]);
  });

  it('becomes what the machine does in the time, and stays there', () => {
    expect(sizes((cost) => 10 + cost * 2, 5)).toEqual([128, 64, 32, 32, 32]);
  });

  it('does not go below what a commit is worth, however slow', () => {
    expect(sizes(() => 1_000, 6)).toEqual([128, 64, 32, 16, 16, 16]);
  });

  it('grows again after a moment of trouble, when there is enough to fill it', () => {
    const size = new BatchSize(limits);
    for (let n = 0; n < 3; n += 1) size.took(1_000, true);
    size.took(8, false);
    expect(size.maxCost).toBe(16);
    for (let n = 0; n < 3; n += 1) size.took(8, true);
    expect(size.maxCost).toBe(128);
  });
});
