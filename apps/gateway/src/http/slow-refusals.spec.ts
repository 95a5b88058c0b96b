import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { SlowRefusals } from './slow-refusals.js';

/** Rounded up to whole milliseconds, as timers are. */
const TIMER_MS = 15;

describe('a refusal of who asks too much', () => {
  it('leaves no sooner than it is time to ask again, and the next a little after it', async () => {
    const refusals = new SlowRefusals();
    const startedAt = performance.now();
    const elapsed = async (caller: string): Promise<number> => {
      expect(await refusals.hold(caller)).toBe(true);
      return performance.now() - startedAt;
    };
    const [first = 0, , third = 0, other = 0] = await Promise.all([...['ams', 'ams', 'ams'], 'rot'].map(elapsed));
    expect(first).toBeGreaterThanOrEqual(1_000 - TIMER_MS);
    expect(third - first).toBeGreaterThan(0);
    expect(other).toBeLessThan(third);
  });

  it('leaves at once when a thousand of this caller are held already; others do not notice', async () => {
    const refusals = new SlowRefusals();
    let leftAtOnce = 0;
    for (let n = 0; n < 1_100; n += 1) void refusals.hold('ams').then((held) => (leftAtOnce += held ? 0 : 1));
    let other = false;
    void refusals.hold('rot').then(() => (other = true));
    await turn();
    expect(leftAtOnce).toBeGreaterThan(50);
    expect(leftAtOnce).toBeLessThan(150);
    expect(other).toBe(false);
  });
});
