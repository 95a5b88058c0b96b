/** First and last position in the log, both included. */
export type LeafRange = readonly [first: number, last: number];

/**
 * What an ERASURE record can name, and the member of its details that does. Always leaves of the log, never ids: once the
 * access record behind a leaf is gone as well, its position says nothing about anyone. `ranges` alone explains to the
 * verifier why records are absent; the others name what hung on the acceptance that the leaf stands for.
 */
const MEMBER_OF = { RECORDS: 'ranges', NOTIFICATIONS: 'messages', CASES: 'cases' } as const;
export type ErasedKind = keyof typeof MEMBER_OF;
export const ERASED_KINDS = Object.keys(MEMBER_OF) as readonly ErasedKind[];

/** What was removed in one transaction. */
export interface ErasedLeaves {
  readonly what: ErasedKind;
  readonly epoch: number;
  readonly ranges: readonly LeafRange[];
  readonly count: number;
  /** Ids of ERASURE records that a restored database had lost and that were done again here. */
  readonly replays: readonly string[];
}

/** An ERASURE record, read back. */
export interface Erasure extends ErasedLeaves {
  readonly recordId: string;
  /** RFC 3339. */
  readonly at: string;
}

/** `details` of the ERASURE record. */
export function detailsOf({ what, epoch, ranges, count, replays }: ErasedLeaves, policyVersion: string) {
  const names = { [MEMBER_OF[what]]: ranges };
  const done = { what, epoch, ...names, ground: 'RETENTION', policyVersion, count };
  return replays.length === 0 ? done : { ...done, replays };
}

/** Null unless `record` (parsed canonical bytes) is an ERASURE record that names leaves. */
export function erasureOf(record: unknown): Erasure | null {
  const { kind, id, at, details } = record as Readonly<Record<string, unknown>>;
  if (kind !== 'ERASURE' || typeof details !== 'object' || details === null) return null;
  const { epoch, count, replays, ...rest } = details as Readonly<Record<string, unknown>>;
  const what = ERASED_KINDS.find((one) => isRanges(rest[MEMBER_OF[one]]));
  if (what === undefined || typeof epoch !== 'number' || typeof id !== 'string' || typeof at !== 'string') return null;
  return {
    recordId: id,
    at,
    what,
    epoch,
    ranges: rest[MEMBER_OF[what]] as LeafRange[],
    count: Number(count),
    replays: Array.isArray(replays) ? replays.map(String) : [],
  };
}

function isRanges(value: unknown): value is LeafRange[] {
  return (
    Array.isArray(value) &&
    value.every((one) => Array.isArray(one) && one.length === 2 && one.every((n) => Number.isSafeInteger(n)))
  );
}

/** The fewest ranges that hold exactly these positions, in order. */
export function toRanges(positions: readonly number[]): LeafRange[] {
  return mergeRanges(positions.map((position) => [position, position]));
}

/** The fewest ranges that hold what the given ones hold, in order. */
export function mergeRanges(ranges: readonly LeafRange[]): LeafRange[] {
  const merged: [number, number][] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}
