import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue } from './fair-queue.js';

interface Item {
  readonly lane: string;
  readonly serial: number;
}

const LANES = ['ams', 'dtv', 'ind'] as const;
const ROOMY = { maxItems: 1_000, maxItemsPerLane: 1_000 };

/** What a run of arrivals and turns did: what was taken, in order, and what found no room. */
function run(queue: FairQueue<Item>, moves: readonly ({ lane: string; cost: number } | { take: number })[]) {
  const added: Item[] = [];
  const taken: Item[] = [];
  const refused: Item[] = [];
  let peak = 0;
  for (const move of moves) {
    if ('take' in move) taken.push(...queue.take(move.take, Infinity));
    else {
      const item = { lane: move.lane, serial: added.length };
      added.push(item);
      const without = queue.push(move.lane, item, move.cost);
      if (without) refused.push(without);
    }
    peak = Math.max(peak, queue.length);
  }
  return { added, taken, refused, peak };
}

const arrival = fc.record({ lane: fc.constantFrom(...LANES), cost: fc.integer({ min: 1, max: 30 }) });
const moves = fc.array(fc.oneof(arrival, fc.record({ take: fc.integer({ min: 1, max: 5 }) })), { maxLength: 200 });

describe('fair queue', () => {
  it('loses and doubles nothing, holds its bounds and keeps the order within a lane, whatever comes and goes', () => {
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (all, items, perLane) => {
        const queue = new FairQueue<Item>({ maxItems: items, maxItemsPerLane: perLane });
        const { added, taken, refused, peak } = run(queue, all);
        const rest = queue.take(Infinity, Infinity);
        const everything = [...taken, ...rest, ...refused];
        expect(everything.map(({ serial }) => serial).sort((a, b) => a - b)).toEqual(added.map(({ serial }) => serial));
        expect(peak).toBeLessThanOrEqual(items);
        for (const lane of LANES) {
          const serials = [...taken, ...rest].filter((one) => one.lane === lane).map(({ serial }) => serial);
          expect(serials).toEqual([...serials].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('serves lanes that always have work equally by cost, to within one item', () => {
    const costs = fc.tuple(...LANES.map(() => fc.integer({ min: 1, max: 30 })));
    fc.assert(
      fc.property(costs, fc.integer({ min: 50, max: 300 }), (perLane, takes) => {
        const queue = new FairQueue<number>(ROOMY);
        const served = LANES.map(() => 0);
        LANES.forEach((lane, index) => {
          for (let n = 0; n < 300; n += 1) queue.push(lane, index, perLane[index]!);
        });
        for (const index of queue.take(takes, Infinity)) served[index]! += perLane[index]!;
        expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(Math.max(...perLane));
      }),
    );
  });

  it('serves a newcomer next, however long another lane is and however often it was served before', () => {
    const queue = new FairQueue<string>(ROOMY);
    for (let n = 0; n < 500; n += 1) queue.push('ams', 'flood', 1);
    queue.take(100, Infinity);
    queue.push('dtv', 'notification', 1);
    expect(queue.take(2, Infinity)).toContain('notification');
  });

  it('gives a lane that comes one at a time no more than its share: what it was served is not forgotten', () => {
    const queue = new FairQueue<string>(ROOMY);
    for (let n = 0; n < 100; n += 1) queue.push('ams', 'small', 1);
    let large = 0;
    for (let n = 0; n < 60; n += 1) {
      if (large === 0 || n % 2 === 0) queue.push('ind', 'large', 10);
      if (queue.take(1, Infinity)[0] === 'large') large += 1;
    }
    expect(large).toBeLessThanOrEqual(7);
  });

  it('makes room in the longest lane when all is full, and refuses whoever is as long itself', () => {
    const queue = new FairQueue<string>({ maxItems: 4, maxItemsPerLane: 4 });
    for (const item of ['a1', 'a2', 'a3', 'a4']) expect(queue.push('ams', item, 1)).toBeNull();
    expect(queue.push('ams', 'a5', 1)).toBe('a5');
    expect(queue.push('dtv', 'd1', 1)).toBe('a4');
    expect(queue.push('dtv', 'd2', 1)).toBe('a3');
    expect(queue.push('dtv', 'd3', 1)).toBe('d3');
    expect(queue.take(9, Infinity)).toEqual(['a1', 'd1', 'a2', 'd2']);
  });

  it('stops a turn when it has cost enough, but never before the first item', () => {
    const queue = new FairQueue<string>(ROOMY);
    queue.push('ams', 'huge', 50);
    for (let n = 0; n < 9; n += 1) queue.push('dtv', 'small', 4);
    expect(queue.take(64, 10)).toEqual(['huge']);
    expect(queue.take(64, 10)).toHaveLength(3);
  });
});
