import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInstant, isLocalDate } from './date-formats.js';

const instants = fc.date({
  min: new Date('1900-01-02T00:00:00Z'),
  max: new Date('9999-12-30T23:59:59Z'),
  noInvalidDate: true,
});

describe('an instant', () => {
  it('is taken with any offset, and is then a moment that can be compared', () => {
    const offsets = fc.tuple(
      fc.constantFrom('+', '-'),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
    );
    fc.assert(
      fc.property(instants, offsets, (date, [sign, hours, minutes]) => {
        const offset = `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
        const text = `${date.toISOString().slice(0, 19)}${offset}`;
        expect(isInstant(text)).toBe(offset !== '-00:00');
        expect(Number.isNaN(Date.parse(text))).toBe(false);
      }),
    );
  });

  it.each([
    '2026-01-15T11:30:00Z',
    '2026-01-15T11:30:00.5+01:00',
    '2024-02-29T23:59:59.123456789Z',
    '1900-01-01T00:00:00Z',
  ])('can be %s', (text) => expect(isInstant(text)).toBe(true));

  it.each([
    '2026-01-15t11:30:00Z',
    '2026-01-15T11:30:00z',
    '2026-01-15 11:30:00Z',
    '2026-01-15T11:30:00',
    '2026-01-15T11:30Z',
    '2026-01-15T11:30:00-00:00',
    '2026-01-15T11:30:00+24:00',
    '2026-01-15T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-02-30T11:30:00Z',
    '2026-13-01T11:30:00Z',
    '9999-12-31T23:59:59-23:59',
    '0000-01-01T00:00:00Z',
    ' 2026-01-15T11:30:00Z',
    '',
  ])('cannot be %s', (text) => expect(isInstant(text)).toBe(false));
});

describe('a local date', () => {
  it('is every day of the calendar', () => {
    fc.assert(fc.property(instants, (date) => isLocalDate(date.toISOString().slice(0, 10))));
  });

  it.each([
    '2026-02-30',
    '2023-02-29',
    '2026-00-10',
    '2026-01-00',
    '1899-12-31',
    '2026-1-1',
    '2026-01-15T00:00:00Z',
    '',
  ])('cannot be %s', (text) => expect(isLocalDate(text)).toBe(false));
});
