import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addHours,
  addWorkingDays,
  easterSunday,
  isPublicHoliday,
  isWorkingDay,
  localDateOf,
  startOfLocalDay,
  workingDayFrom,
} from './calendar.js';

describe('calendar', () => {
  it('reads the local date seconds before and after local midnight, in winter and in summer', () => {
    expect(localDateOf('2026-01-15T22:59:59Z')).toBe('2026-01-15');
    expect(localDateOf('2026-01-15T23:00:00Z')).toBe('2026-01-16');
    expect(localDateOf('2026-07-15T21:59:59Z')).toBe('2026-07-15');
    expect(localDateOf('2026-07-15T22:00:00Z')).toBe('2026-07-16');
  });

  it('starts a local day on either side of both clock changes', () => {
    expect(startOfLocalDay('2026-03-29')).toBe('2026-03-28T23:00:00.000Z');
    expect(startOfLocalDay('2026-03-30')).toBe('2026-03-29T22:00:00.000Z');
    expect(startOfLocalDay('2026-10-25')).toBe('2026-10-24T22:00:00.000Z');
    expect(startOfLocalDay('2026-10-26')).toBe('2026-10-25T23:00:00.000Z');
  });

  it('gives every start of a local day back as that local date, and the millisecond before as the day before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (days) => {
        const date = addDays('2000-01-01', days);
        const start = startOfLocalDay(date);
        expect(localDateOf(start)).toBe(date);
        expect(localDateOf(new Date(Date.parse(start) - 1).toISOString())).toBe(addDays(date, -1));
      }),
    );
  });

  it('adds days over the end of a leap February and of a year', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });

  it('adds hours as elapsed time over a clock change', () => {
    expect(addHours('2026-03-28T12:00:00Z', 24)).toBe('2026-03-29T12:00:00.000Z');
  });

  it.each([
    [2019, '2019-04-21'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2038, '2038-04-25'],
  ])('finds Easter Sunday of %i', (year, date) => {
    expect(easterSunday(year)).toBe(date);
  });

  it('knows the Dutch public holidays of 2026, and that they are no working days', () => {
    const days = ['01-01', '04-03', '04-05', '04-06', '04-27', '05-05', '05-14', '05-24', '05-25', '12-25', '12-26'];
    for (const day of days) {
      expect(isPublicHoliday(`2026-${day}`)).toBe(true);
      expect(isWorkingDay(`2026-${day}`)).toBe(false);
    }
    expect(isPublicHoliday('2026-04-28')).toBe(false);
  });

  it("moves the King's birthday to Saturday when it falls on a Sunday", () => {
    expect(isPublicHoliday('2025-04-26')).toBe(true);
    expect(isPublicHoliday('2025-04-27')).toBe(false);
  });

  it('counts working days past a weekend and past Easter', () => {
    expect(addWorkingDays('2026-01-09', 5)).toBe('2026-01-16');
    expect(addWorkingDays('2026-04-02', 1)).toBe('2026-04-07');
    expect(workingDayFrom('2026-04-07')).toBe('2026-04-07');
    expect(workingDayFrom('2026-04-03')).toBe('2026-04-07');
  });
});
