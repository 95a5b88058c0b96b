import { describe, expect, it } from '@jest/globals';
import { Hiccups } from './hiccups.js';

const ids = Array.from({ length: 1000 }, (_, index) => `message-${index}`);

describe('hiccups', () => {
  it('strike about the share that is asked, the same messages every time', () => {
    const struck = (): string[] => {
      const hiccups = new Hiccups(0.1);
      return ids.filter((id) => hiccups.strikes('ind', 'source', id));
    };
    expect(struck().length).toBeGreaterThan(60);
    expect(struck().length).toBeLessThan(150);
    expect(struck()).toEqual(struck());
  });

  it('strike a message at its first try alone', () => {
    const hiccups = new Hiccups(1);
    expect([1, 2, 3].map(() => hiccups.strikes('ind', 'source', 'a'))).toEqual([true, false, false]);
  });

  it('never strike when the share is nought', () => {
    const hiccups = new Hiccups(0);
    expect(ids.some((id) => hiccups.strikes('ind', 'source', id))).toBe(false);
  });
});
