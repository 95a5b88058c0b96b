import { describe, expect, it } from '@jest/globals';
import { dueOn, extendedTo } from './terms.js';

describe('the terms of a data-subject report', () => {
  it.each([
    ['2026-03-03', '2026-04-03', 'Good Friday', '2026-04-07'],
    ['2026-01-31', '2026-02-28', 'a Saturday in a shorter month', '2026-03-02'],
    ['2026-11-22', '2026-12-22', 'a Tuesday', '2026-12-22'],
    ['2026-11-25', '2026-12-25', 'Christmas, and a weekend after it', '2026-12-28'],
  ])('AVG 12(3): a request of %s runs to %s, %s: due %s', (receivedOn, _month, _day, due) => {
    expect(dueOn('AVG', receivedOn)).toBe(due);
  });

  it('Wpg 25: six weeks, also across the change to summer time', () => {
    expect(dueOn('WPG', '2026-03-02')).toBe('2026-04-13');
    expect(dueOn('WPG', '2026-11-13')).toBe('2026-12-28');
  });

  it('AVG 12(3): extends by two months after the first', () => {
    expect(extendedTo('COMPLEX', '2026-01-31')).toBe('2026-04-30');
    expect(extendedTo('MANY_REQUESTS', '2026-11-22')).toBe('2027-02-22');
  });

  it('Wpg 25: postpones by four weeks, or by six when several units hold data', () => {
    expect(extendedTo('POSTPONED', '2026-03-02')).toBe('2026-05-11');
    expect(extendedTo('SEVERAL_UNITS', '2026-03-02')).toBe('2026-05-26');
  });
});
