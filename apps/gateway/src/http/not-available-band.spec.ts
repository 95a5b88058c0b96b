import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { untilBandEnds, untilNextEdgeMs } from './not-available-band.js';

/** Timers of Node may fire a millisecond early. */
const EARLY_MS = 2;

describe('the time at which an answer "not available" leaves', () => {
  it.each([
    ['looked nothing up', 0, 60],
    ['took a while to look something up', 35, 60],
    ['took as long as the band', 60, 120],
    ['took very long', 250, 300],
  ])('is an edge of the band when the request %s', (_what, spentMs, leavesAtMs) => {
    expect(spentMs + untilNextEdgeMs(spentMs)).toBe(leavesAtMs);
  });

  it('is the same for any two requests that end between the same edges', () => {
    const within = fc.double({ min: 0, max: 59.9, noNaN: true });
    fc.assert(
      fc.property(fc.nat(50), within, within, (edge, one, other) => {
        const leavesAt = (spentMs: number): number => spentMs + untilNextEdgeMs(spentMs);
        expect(leavesAt(edge * 60 + one)).toBeCloseTo(leavesAt(edge * 60 + other), 6);
      }),
    );
  });

  it('is counted from the arrival', async () => {
    const arrivedAtMs = performance.now() - 90;
    await untilBandEnds(arrivedAtMs);
    expect(performance.now() - arrivedAtMs).toBeGreaterThanOrEqual(120 - EARLY_MS);
  });
});
