import { describe, expect, it } from '@jest/globals';
import { addAbsent, judgeAbsent, judgePresent, readErasure, type AbsentRun, type Erasure } from './erasure.js';

const JANUARY = 2032 * 12;
const FEBRUARY = JANUARY + 1;

function erasure(recordId: string, month: number, ranges: [number, number][], epoch = 1): Erasure {
  return { recordId, epoch: 1, index: 99, month, covers: { epoch, ranges } };
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
    );
    expect([unlogged, early]).toEqual([[], []]);
  });

  it('are early in the last month itself', () => {
    const { unlogged, early } = judgeAbsent(1, [run(3, 9)], [erasure('a', JANUARY, [[3, 9]])]);
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
    expect(places(judgeAbsent(1, [run(3, 9)], known).unlogged)).toEqual([
      [3, 3],
      [6, 7],
      [9, 9],
    ]);
  });

  it('in time hold, whatever an early one says about the same leaf', () => {
    const known = [erasure('early', JANUARY, [[3, 9]]), erasure('in time', FEBRUARY, [[3, 6]])];
    expect(places(judgeAbsent(1, [run(3, 9)], known).early)).toEqual([[7, 9]]);
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
    const record = { id: 'x', at: '2032-02-01T00:00:00.000Z', details: { epoch: 1, ranges: [[0, 3]] } };
    expect(readErasure(record, 1, 7)).toEqual({ ...erasure('x', FEBRUARY, [[0, 3]]), index: 7 });
    for (const details of [
      undefined,
      {},
      { epoch: 1, ranges: [[3, 0]] },
      { epoch: 1, ranges: [['0', 3]] },
      { ranges: [] },
    ]) {
      expect(readErasure({ ...record, details }, 1, 7)).toBeNull();
    }
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
