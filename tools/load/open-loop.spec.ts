import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { closedLoop, openLoop } from './open-loop.js';

describe('open loop', () => {
  it('sends at its rate and counts from the moment at which a request was due', async () => {
    // The server stalls for 200 ms once; a closed loop would have one slow request, here all that came due are slow.
    const stallUntilMs = performance.now() + 200;
    const fire = async (): Promise<boolean> => {
      const wait = stallUntilMs - performance.now();
      if (wait > 0) await sleep(wait);
      return true;
    };
    const result = await openLoop({ ratePerSecond: 500, seconds: 0.4, fire });
    expect([result.ok, result.failed, result.dropped]).toEqual([200, 0, 0]);
    expect(result.latency.maxMs).toBeGreaterThan(150);
    // Half of all requests were due during the stall.
    expect(result.latency.p50Ms + result.latency.p99Ms).toBeGreaterThan(150);
  });

  it('achieves its rate however long the way is and whichever answer is late, and less when answers pile up', async () => {
    const late = (n: number): Promise<boolean> => sleep(n % 10 === 0 ? 300 : 100).then(() => true);
    const steady = await openLoop({ ratePerSecond: 200, seconds: 1, fire: late });
    expect(Math.abs(steady.achievedPerSecond - 200)).toBeLessThan(10);
    let free = performance.now();
    const oneByOne = async (): Promise<boolean> => {
      free = Math.max(free, performance.now()) + 10;
      await sleep(free - performance.now());
      return true;
    };
    const piling = await openLoop({ ratePerSecond: 200, seconds: 1, fire: oneByOne });
    expect(piling.ok).toBe(200);
    expect(piling.achievedPerSecond).toBeLessThan(110);
  });

  it('drops and counts what comes while too many are under way, and counts wrong answers apart', async () => {
    const fire = (n: number): Promise<boolean> => sleep(300).then(() => n !== 0);
    const result = await openLoop({ ratePerSecond: 1_000, seconds: 0.1, maxInFlight: 10, fire });
    expect([result.ok, result.failed, result.dropped]).toEqual([9, 1, 90]);
  });
});

describe('closed loop', () => {
  it('keeps so many requests under way and no more', async () => {
    let [now, most] = [0, 0];
    const fire = async (n: number): Promise<boolean> => {
      now += 1;
      most = Math.max(most, now);
      await sleep(5);
      now -= 1;
      return n % 2 === 0;
    };
    const result = await closedLoop(4, 0.2, fire);
    expect(most).toBe(4);
    expect(result.perSecond).toBeGreaterThan(50);
    expect(result.failed).toBeGreaterThan(0);
  });
});
