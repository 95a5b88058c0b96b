import { describe, expect, it } from '@jest/globals';
import type { ClosedLoad, GeneratedLoad } from '../load/generator.js';
import { findSaturation } from './saturation.js';

/** A server that answers so many a second and lets the rest wait; `seen` is what a closed loop makes of it. */
function server(capacity: number, seen: number) {
  const offered: number[] = [];
  const load = (rate: number): GeneratedLoad => ({
    offeredPerSecond: rate,
    achievedPerSecond: Math.min(rate, capacity),
    ok: Math.min(rate, capacity),
    failed: 0,
    dropped: 0,
    latency: { count: 1, p50Ms: 5, p99Ms: rate > capacity ? 4_000 : 20, p999Ms: 30, maxMs: 40 },
    cpuSeconds: 1,
    sent: rate,
    wrong: null,
  });
  return {
    offered,
    closed: (): Promise<ClosedLoad> =>
      Promise.resolve({ perSecond: seen, failed: 0, cpuSeconds: 1, sent: seen, wrong: null }),
    open: (rate: number): Promise<GeneratedLoad> => {
      offered.push(rate);
      return Promise.resolve(load(rate));
    },
  };
}
const options = { connections: 64, seconds: 1 };

describe('the search for saturation', () => {
  it('goes up while the rate holds, and then into the gap to the first that does not', async () => {
    const target = server(1_150, 1_000);
    const found = await findSaturation(target, options);
    expect(target.offered.map(Math.round)).toEqual([1_000, 1_250, 1_125, 1_188]);
    expect(Math.round(found.perSecond)).toBe(1_125);
  });

  it('goes down until a rate holds, and then into the gap to the last that did not', async () => {
    const target = server(850, 1_000);
    const found = await findSaturation(target, options);
    expect(target.offered.map(Math.round)).toEqual([1_000, 800, 900, 850]);
    expect(Math.round(found.perSecond)).toBe(850);
  });

  it('gives up when nothing holds, instead of searching for ever', async () => {
    const target = server(10, 1_000);
    await expect(findSaturation(target, options)).rejects.toThrow(/no rate held/);
    expect(target.offered).toHaveLength(8);
  });
});
