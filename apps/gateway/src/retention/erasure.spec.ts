import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detailsOf, ERASED_KINDS, erasureOf, mergeRanges, toRanges } from './erasure.js';

const held = (ranges: readonly (readonly [number, number])[]): number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n));

describe('ranges of leaves', () => {
  it('hold exactly the positions that they are made of, once each, and are as few as can be', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60)), (positions) => {
        const ranges = toRanges(positions);
        expect(held(ranges)).toEqual([...new Set(positions)].sort((a, b) => a - b));
        for (const [index, [first]] of ranges.slice(1).entries()) {
          expect(first).toBeGreaterThan((ranges[index]?.[1] ?? 0) + 1);
        }
      }),
    );
  });

  it('merge into ranges that hold the same', () => {
    expect(mergeRanges([[7, 9], [0, 3], [2, 5], [11, 11]])).toEqual([[0, 5], [7, 9], [11, 11]]); // prettier-ignore
  });
});

describe('an erasure record', () => {
  it.each(ERASED_KINDS)('that names %s is read back as it was written', (what) => {
    const done = {
      what,
      epoch: 2,
      ranges: [[4, 9]] as const,
      count: 6,
      replays: ['018f3a5c-7e00-7000-8000-000000000001'],
    };
    const record = { kind: 'ERASURE', id: 'a', at: '2026-11-22T00:00:00.000Z', details: detailsOf(done, '2026.1') };
    const back: unknown = JSON.parse(JSON.stringify(record));
    expect(erasureOf(back)).toEqual({ ...done, recordId: 'a', at: record.at });
  });

  it('explains absent records by `ranges` alone: what else was erased must not excuse a missing record', () => {
    const done = { epoch: 1, ranges: [[0, 1]] as const, count: 2, replays: [] };
    expect(detailsOf({ ...done, what: 'RECORDS' }, '2026.1')).toEqual({
      what: 'RECORDS',
      epoch: 1,
      ranges: [[0, 1]],
      ground: 'RETENTION',
      policyVersion: '2026.1',
      count: 2,
    });
    expect(detailsOf({ ...done, what: 'CASES' }, '2026.1')).not.toHaveProperty('ranges');
    expect(detailsOf({ ...done, what: 'NOTIFICATIONS' }, '2026.1')).not.toHaveProperty('ranges');
  });

  it.each([
    { kind: 'ADMIN', details: { epoch: 1, ranges: [] } },
    { kind: 'ERASURE' },
    { kind: 'ERASURE', details: { epoch: 1 } },
  ])('is not %j', (record) => expect(erasureOf({ id: 'a', at: 'b', ...record })).toBeNull());
});
