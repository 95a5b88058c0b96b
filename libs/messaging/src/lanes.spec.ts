import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { backoffMs, pauseFor, within } from '#messaging/backoff.js';
import { workInLanes } from '#messaging/lanes.js';

interface Item {
  readonly lane: string;
  readonly fails: boolean;
  readonly turns: number;
}

const ITEMS = fc.array(
  fc.record({ lane: fc.constantFrom('a', 'b', 'c', 'd'), fails: fc.boolean(), turns: fc.nat({ max: 3 }) }),
  { maxLength: 25 },
);

describe('workInLanes', () => {
  it('keeps order in a lane, stops a lane at its failure, and counts the gapless beginning', async () => {
    await fc.assert(
      fc.asyncProperty(ITEMS, fc.integer({ min: 1, max: 5 }), async (items, maxConcurrent) => {
        const begun: Item[] = [];
        let running = 0;
        let most = 0;
        const { settled, failures } = await workInLanes<Item>(
          items,
          ({ lane }) => lane,
          maxConcurrent,
          async (item) => {
            begun.push(item);
            running += 1;
            most = Math.max(most, running);
            for (let n = 0; n < item.turns; n += 1) await turn();
            running -= 1;
            if (item.fails) throw new Error('no');
          },
        );
        const expected = (lane: string) => {
          const own = items.filter((item) => item.lane === lane);
          const failing = own.findIndex((item) => item.fails);
          return failing < 0 ? own : own.slice(0, failing + 1);
        };
        for (const lane of ['a', 'b', 'c', 'd']) expect(begun.filter((i) => i.lane === lane)).toEqual(expected(lane));
        const done = (item: Item) => begun.includes(item) && !item.fails;
        const firstUndone = items.findIndex((item) => !done(item));
        expect(settled).toBe(firstUndone < 0 ? items.length : firstUndone);
        expect(failures).toHaveLength(begun.filter((item) => item.fails).length);
        expect(most).toBeLessThanOrEqual(maxConcurrent);
      }),
    );
  });
});

describe('backoff', () => {
  it('doubles up to its cap, with the upper half random', () => {
    expect([1, 2, 3, 50].map((attempt) => backoffMs(attempt, 100, 1_000, () => 1))).toEqual([100, 200, 400, 1_000]);
    expect(backoffMs(1, 100, 1_000, () => 0)).toBe(50);
  });

  it('ends a pause early when told to', async () => {
    const stop = new AbortController();
    const pause = pauseFor(60_000, stop.signal);
    stop.abort();
    await expect(pause).resolves.toBeUndefined();
    await expect(pauseFor(60_000, stop.signal)).resolves.toBeUndefined();
  });

  it('gives work up after its limit', async () => {
    await expect(within(new Promise(() => undefined), 10, 'waiting')).rejects.toThrow('waiting took longer than 10 ms');
    await expect(within(Promise.resolve(3), 10, 'waiting')).resolves.toBe(3);
  });
});
