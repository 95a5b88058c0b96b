import { describe, expect, it } from '@jest/globals';
import { formatCaseNumber } from './case-number.js';

describe('formatCaseNumber', () => {
  it('pads the serial to six digits', () => {
    expect(formatCaseNumber('AMS', 2026, 17)).toBe('LVV-AMS-2026-000017');
    expect(formatCaseNumber('XYZ', 2031, 999_999)).toBe('LVV-XYZ-2031-999999');
  });

  it.each([
    ['ams', 2026, 1],
    ['AMST', 2026, 1],
    ['AMS', 26, 1],
    ['AMS', 2026, 0],
    ['AMS', 2026, 1.5],
    ['AMS', 2026, 1_000_000],
  ])('refuses %s %d %d', (pilot, year, serial) => {
    expect(() => formatCaseNumber(pilot, year, serial)).toThrow();
  });
});
