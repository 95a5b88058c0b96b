import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NEW_CASE, parked, passed, turnOf, type CasePosition } from './case-order.js';

describe('turnOf', () => {
  it('calls the first message of a new case due, and a later one a gap', () => {
    expect(turnOf(NEW_CASE, 1)).toBe('DUE');
    expect(turnOf(NEW_CASE, 2)).toBe('GAP');
  });

  it('calls what lies behind the position done, however late it comes', () => {
    expect(turnOf({ last: 4 }, 4)).toBe('DONE');
    expect(turnOf({ last: 4 }, 1)).toBe('DONE');
    expect(turnOf({ last: 4 }, 5)).toBe('DUE');
  });
});

describe('the position of a case', () => {
  it('stays where it is when a message is parked, so that a redrive is due in its old place', () => {
    const position = parked({ last: 2 }, 3);
    expect(position).toEqual({ last: 2, parkedAt: 3 });
    expect(turnOf(position, 3)).toBe('DUE');
  });

  it('remembers the first of several parked messages', () => {
    expect(parked(parked({ last: 2 }, 4), 3)).toEqual({ last: 2, parkedAt: 3 });
    expect(parked(parked({ last: 2 }, 3), 4)).toEqual({ last: 2, parkedAt: 3 });
  });

  it('is no longer parked once the parked message, or a later one, was passed', () => {
    expect(passed({ last: 2, parkedAt: 3 }, 3)).toEqual({ last: 3 });
    expect(passed({ last: 2, parkedAt: 3 }, 5)).toEqual({ last: 5 });
  });

  it('stays parked when an old message is settled once more', () => {
    expect(passed({ last: 2, parkedAt: 3 }, 1)).toEqual({ last: 2, parkedAt: 3 });
    expect(parked({ last: 2 }, 1)).toEqual({ last: 2 });
  });

  it('never moves back, whatever happens in whatever order', () => {
    const step = fc.record({ at: fc.integer({ min: 1, max: 20 }), kind: fc.constantFrom('passed', 'parked') });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let position: CasePosition = NEW_CASE;
        for (const { at, kind } of steps) {
          const next = kind === 'passed' ? passed(position, at) : parked(position, at);
          expect(next.last).toBeGreaterThanOrEqual(position.last);
          expect(next.parkedAt ?? Infinity).toBeGreaterThan(next.last);
          position = next;
        }
      }),
    );
  });
});
