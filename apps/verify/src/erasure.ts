import { isAheadOf, monthAt } from './record-time.js';

/** What an ERASURE record says that it removed. */
export interface Erasure {
  readonly recordId: string;
  /** Epoch and leaf of the ERASURE record itself. */
  readonly epoch: number;
  readonly index: number;
  /** Month in which it was made, year * 12 + month - 1: its own, and no later than that of the check. */
  readonly month: number;
  /** When it says that it was made, in milliseconds. */
  readonly at: number;
  /** The earliest time of the records behind it in its epoch; Infinity when there is none. */
  readonly followedAt: number;
  readonly covers: { readonly epoch: number; readonly ranges: readonly (readonly [first: number, last: number])[] };
}

/** Leaves one after the other whose records are gone and whose entries name one expiry month. */
export interface AbsentRun {
  readonly first: number;
  readonly last: number;
  /** year * 12 + month - 1 */
  readonly expires: number;
}

/**
 * Reads the details of an ERASURE record; null when they do not say what was erased. `now`: when it is checked. What
 * stands behind it is not known yet.
 */
export function readErasure(
  record: unknown,
  place: Pick<Erasure, 'epoch' | 'index' | 'at'>,
  now: number,
): Erasure | null {
  const { id, at, details } = record as { id: string; at: string; details?: { epoch?: unknown; ranges?: unknown } };
  const ranges = details?.ranges;
  if (typeof details?.epoch !== 'number' || !Array.isArray(ranges) || !ranges.every(isRange)) return null;
  const month = Number(at.slice(0, 4)) * 12 + Number(at.slice(5, 7)) - 1;
  const covers = { epoch: details.epoch, ranges };
  return { recordId: id, ...place, month: Math.min(month, monthAt(now)), followedAt: Infinity, covers };
}

/** Stretches of an epoch, in order, as one: what stands behind an erasure stands in later stretches too. */
export function joinErasures(
  stretches: readonly { readonly erasures: readonly Erasure[]; readonly earliest: number }[],
): Erasure[] {
  let behind = Infinity;
  const joined = [...stretches].reverse().map(({ erasures, earliest }) => {
    const own = erasures.map((one) => ({ ...one, followedAt: Math.min(one.followedAt, behind) }));
    behind = Math.min(behind, earliest);
    return own;
  });
  return joined.reverse().flat();
}

/**
 * True when its time had not come as it was written. Whoever erases early would date the ERASURE record after the end
 * of the term: such a time shows nothing about when the record went.
 */
export function isPostdated({ at, followedAt }: Erasure, now: number): boolean {
  return isAheadOf(at, Math.min(now, followedAt));
}

function isRange(range: unknown): range is readonly [number, number] {
  if (!Array.isArray(range) || range.length !== 2) return false;
  const [first, last] = range as unknown[];
  return (
    Number.isSafeInteger(first) && Number.isSafeInteger(last) && Number(first) >= 0 && Number(first) <= Number(last)
  );
}

/** Adds an absent leaf; leaves come in order. */
export function addAbsent(runs: AbsentRun[], index: number, expires: number): void {
  const last = runs.at(-1);
  if (last?.last === index - 1 && last.expires === expires) runs[runs.length - 1] = { ...last, last: index };
  else runs.push({ first: index, last: index, expires });
}

/** Absent leaves for which no ERASURE record stands, or only one that came before their term had ended, or may have. */
export function judgeAbsent(
  epoch: number,
  runs: readonly AbsentRun[],
  erasures: readonly Erasure[],
  now: number,
): { readonly unlogged: readonly AbsentRun[]; readonly early: readonly (AbsentRun & { readonly by: Erasure })[] } {
  const covers = erasures
    .filter((erasure) => erasure.covers.epoch === epoch)
    .flatMap((erasure) => erasure.covers.ranges.map(([first, last]) => ({ first, last, erasure })));
  const unlogged: AbsentRun[] = [];
  const early: (AbsentRun & { by: Erasure })[] = [];
  for (const run of runs) {
    let open = [run];
    // An erasure in time explains an absence, whatever another one says about it.
    for (const inTime of [true, false]) {
      for (const { first, last, erasure } of covers) {
        if (first > run.last || last < run.first || isInTime(run, erasure, now) !== inTime) continue;
        const cut = open.flatMap((part) => intersect(part, first, last));
        if (!inTime) early.push(...cut.map((part) => ({ ...part, by: erasure })));
        open = open.flatMap((part) => without(part, first, last));
      }
    }
    unlogged.push(...open);
  }
  return { unlogged, early };
}

function isInTime({ expires }: AbsentRun, erasure: Erasure, now: number): boolean {
  return expires < erasure.month && !isPostdated(erasure, now);
}

/** Leaves of an epoch that an ERASURE record names and whose records are there all the same. */
export function judgePresent(
  epoch: number,
  size: number,
  runs: readonly AbsentRun[],
  erasures: readonly Erasure[],
): readonly { readonly first: number; readonly last: number; readonly by: Erasure }[] {
  return erasures
    .filter((erasure) => erasure.covers.epoch === epoch)
    .flatMap((by) =>
      by.covers.ranges.flatMap(([first, last]) => {
        let open: AbsentRun[] = [{ first, last: Math.min(last, size - 1), expires: 0 }];
        for (const run of runs) {
          if (run.first <= last && run.last >= first) open = open.flatMap((part) => without(part, run.first, run.last));
        }
        return open.filter((part) => part.first <= part.last).map((part) => ({ ...part, by }));
      }),
    );
}

function intersect(run: AbsentRun, first: number, last: number): AbsentRun[] {
  const cut = { ...run, first: Math.max(run.first, first), last: Math.min(run.last, last) };
  return cut.first <= cut.last ? [cut] : [];
}

function without(run: AbsentRun, first: number, last: number): AbsentRun[] {
  const parts = [
    { ...run, last: Math.min(run.last, first - 1) },
    { ...run, first: Math.max(run.first, last + 1) },
  ];
  return parts.filter((part) => part.first <= part.last);
}
