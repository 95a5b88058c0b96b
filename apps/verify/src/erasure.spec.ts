import { describe, expect, it } from '@jest/globals';
import {
  addAbsent,
  isPostdated,
  joinErasures,
  judgeAbsent,
  judgePresent,
  readErasure,
  type AbsentRun,
  type Erasure,
} from './erasure.js';

const JANUARY = 2032 * 12;
const FEBRUARY = JANUARY + 1;
const MADE_AT = Date.UTC(2032, 1, 1);
const NOW = Date.UTC(2033, 0, 1);
const DAY = 24 * 60 * 60 * 1000;

function erasure(recordId: string, month: number, ranges: [number, number][], epoch = 1): Erasure {
  return { recordId, epoch: 1, index: 99, month, at: MADE_AT, followedAt: Infinity, covers: { epoch, ranges } };
}

const run = (first: number, last: number, expires = JANUARY): AbsentRun => ({ first, last, expires });
const places = (runs: readonly { first: number; last: number }[]) => runs.map(({ first, last }) => [first, last]);

describe('erasures', () => {
  it('explain an absent record when they came in a month after its last', () => {
    const { unlogged, early } = judgeAbsent(
      1,
      [run(3, 9)],
      [
        erasure('a', FEBRUARY, [
          [3, 5],
          [6, 20],
        ]),
      ],
      NOW,
    );
    expect([unlogged, early]).toEqual([[], []]);
  });

  it('are early in the last month itself', () => {
    const { unlogged, early } = judgeAbsent(1, [run(3, 9)], [erasure('a', JANUARY, [[3, 9]])], NOW);
    expect([places(unlogged), places(early), early[0]?.by.recordId]).toEqual([[], [[3, 9]], 'a']);
  });

  it('explain nothing beside their ranges, or in another epoch', () => {
    const known = [
      erasure('a', FEBRUARY, [
        [4, 5],
        [8, 8],
      ]),
      erasure('b', FEBRUARY, [[0, 100]], 2),
    ];
    expect(places(judgeAbsent(1, [run(3, 9)], known, NOW).unlogged)).toEqual([
      [3, 3],
      [6, 7],
      [9, 9],
    ]);
  });

  it('in time hold, whatever an early one says about the same leaf', () => {
    const known = [erasure('early', JANUARY, [[3, 9]]), erasure('in time', FEBRUARY, [[3, 6]])];
    expect(places(judgeAbsent(1, [run(3, 9)], known, NOW).early)).toEqual([[7, 9]]);
  });

  it('are undone where the record stands all the same', () => {
    const known = [
      erasure('a', FEBRUARY, [
        [2, 9],
        [15, 30],
      ]),
    ];
    expect(places(judgePresent(1, 20, [run(3, 4), run(6, 7)], known))).toEqual([
      [2, 2],
      [5, 5],
      [8, 9],
      [15, 19],
    ]);
  });

  it('are read from the record, or are none', () => {
    const place = { epoch: 1, index: 7, at: MADE_AT };
    const record = { id: 'x', at: '2032-02-01T00:00:00.000Z', details: { epoch: 1, ranges: [[0, 3]] } };
    expect(readErasure(record, place, NOW)).toEqual({ ...erasure('x', FEBRUARY, [[0, 3]]), index: 7 });
    for (const details of [
      undefined,
      {},
      { epoch: 1, ranges: [[3, 0]] },
      { epoch: 1, ranges: [['0', 3]] },
      { ranges: [] },
    ]) {
      expect(readErasure({ ...record, details }, place, NOW)).toBeNull();
    }
  });

  it('explain nothing when they bear a time that has not come, or that is ahead of a record behind them', () => {
    const one = erasure('a', FEBRUARY, [[3, 9]]);
    for (const [followedAt, now, early] of [
      [Infinity, MADE_AT - DAY, []],
      [Infinity, MADE_AT - DAY - 1, [[3, 9]]],
      [MADE_AT - DAY, NOW, []],
      [MADE_AT - DAY - 1, NOW, [[3, 9]]],
    ] as const) {
      const judged = judgeAbsent(1, [run(3, 9)], [{ ...one, followedAt }], now);
      expect([places(judged.early), judged.unlogged]).toEqual([early, []]);
    }
  });

  it('count as of the month of the check when their own is still to come: a term that goes on has not ended', () => {
    const record = { id: 'x', at: '2032-02-01T00:00:00.000Z', details: { epoch: 1, ranges: [[0, 3]] } };
    const tonight = readErasure(record, { epoch: 1, index: 7, at: MADE_AT }, MADE_AT - 1) as Erasure;
    expect([tonight.month, isPostdated(tonight, MADE_AT - 1)]).toEqual([JANUARY, false]);
    expect(places(judgeAbsent(1, [run(0, 3)], [tonight], MADE_AT - 1).early)).toEqual([[0, 3]]);
  });

  it('are followed by what stands behind them, in their own stretch of the log or a later one', () => {
    const of = (recordId: string, followedAt: number) => ({ ...erasure(recordId, FEBRUARY, []), followedAt });
    const joined = joinErasures([
      { erasures: [of('a', 50), of('b', Infinity)], earliest: 10 },
      { erasures: [], earliest: 70 },
      { erasures: [of('c', 90)], earliest: 60 },
    ]);
    expect(joined.map(({ recordId, followedAt }) => [recordId, followedAt])).toEqual([
      ['a', 50],
      ['b', 60],
      ['c', 90],
    ]);
  });

  it('are compared with runs of absent leaves that expire together', () => {
    const runs: AbsentRun[] = [];
    for (const [index, expires] of [
      [1, 5],
      [2, 5],
      [3, 6],
      [5, 6],
    ] as const)
      addAbsent(runs, index, expires);
    expect(runs).toEqual([run(1, 2, 5), run(3, 3, 6), run(5, 5, 6)]);
  });
});
