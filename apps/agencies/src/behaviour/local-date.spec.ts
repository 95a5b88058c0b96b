import { describe, expect, it } from '@jest/globals';
import { localDate, plusDays } from './local-date.js';

describe('dates of the simulated systems', () => {
  it('are those of Amsterdam, on both sides of midnight and of the clock changes', () => {
    expect(localDate('2026-03-02T22:59:59Z')).toBe('2026-03-02');
    expect(localDate('2026-03-02T23:00:00Z')).toBe('2026-03-03');
    expect(localDate('2026-07-02T22:00:00Z')).toBe('2026-07-03');
  });

  it('are counted in calendar days, also over a day of 23 or 25 hours', () => {
    expect(plusDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(plusDays('2026-10-24', 2)).toBe('2026-10-26');
    expect(plusDays('2026-01-01', -1)).toBe('2025-12-31');
  });
});
