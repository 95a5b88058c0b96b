import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GatewayError } from '../errors.js';
import { PeerLimits } from './peer-limits.js';

const SETTINGS = { requestsPerSecond: 10, maxRunning: 100, maxRunningBytes: 1_000 };
const FAST = { ...SETTINGS, requestsPerSecond: 1_000_000 };

function codeOf(enter: () => void): string {
  try {
    enter();
    return 'taken';
  } catch (error) {
    return (error as GatewayError).code;
  }
}

/** Lets one caller in until it is refused; how often that went well. */
function fill(limits: PeerLimits, caller: string, bytes = 0): number {
  for (let taken = 0; ; taken += 1) if (codeOf(() => limits.enter(caller, bytes, 0)) !== 'taken') return taken;
}

describe('limits of a caller', () => {
  it('takes a second ahead at once, then the rate, and says when to come back', () => {
    const limits = new PeerLimits({ ...SETTINGS, maxRunning: 10_000 });
    expect(fill(limits, 'ams')).toBe(10);
    expect(() => limits.enter('ams', 0, 0)).toThrow(
      expect.objectContaining({ code: 'RATE_LIMITED', extra: { headers: { 'retry-after': '1' } } }),
    );
    expect(codeOf(() => limits.enter('dtv', 0, 0))).toBe('taken');
    const within = Array.from({ length: 500 }, (_, n) => codeOf(() => limits.enter('ams', 0, 10 + n * 10)));
    expect(within.filter((code) => code === 'taken').length).toBeGreaterThanOrEqual(49);
    expect(within.filter((code) => code === 'taken').length).toBeLessThanOrEqual(51);
  });

  it('gives one caller half of the room, a second half of the rest, and always leaves some for the next', () => {
    const limits = new PeerLimits(FAST);
    expect([fill(limits, 'ams'), fill(limits, 'rot'), fill(limits, 'utr')]).toEqual([50, 25, 13]);
    expect(codeOf(() => limits.enter('dtv', 0, 0))).toBe('taken');
  });

  it('holds bodies to their bytes, whatever their number, and lets in what has none', () => {
    const limits = new PeerLimits(FAST);
    expect(fill(limits, 'ams', 100)).toBe(5);
    expect(codeOf(() => limits.enter('ams', 100, 0))).toBe('OVERLOADED');
    expect(codeOf(() => limits.enter('ams', 0, 0))).toBe('taken');
    limits.leave('ams', 100);
    expect(codeOf(() => limits.enter('ams', 100, 0))).toBe('taken');
  });

  it('never holds more than its bounds, and nothing once all have left', () => {
    const move = fc.record({ caller: fc.constantFrom('a', 'b', 'c'), bytes: fc.nat(400), leave: fc.boolean() });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 300 }), (moves) => {
        const limits = new PeerLimits({ ...FAST, maxRunning: 10 });
        const inside: { caller: string; bytes: number }[] = [];
        for (const { caller, bytes, leave } of moves) {
          const first = leave ? inside.shift() : undefined;
          if (first) limits.leave(first.caller, first.bytes);
          else if (codeOf(() => limits.enter(caller, bytes, 0)) === 'taken') inside.push({ caller, bytes });
          expect(limits.underWay).toBe(inside.length);
          expect(inside.length).toBeLessThanOrEqual(10);
          expect(inside.reduce((sum, one) => sum + one.bytes, 0)).toBeLessThanOrEqual(1_000);
        }
        for (const one of inside) limits.leave(one.caller, one.bytes);
        expect([limits.underWay, fill(limits, 'a', 100)]).toEqual([0, 5]);
      }),
    );
  });
});
