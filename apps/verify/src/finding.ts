/** What the verifier can find, with what it means. */
export const FINDING_KINDS = {
  CHECKPOINT_INVALID: 'the checkpoint is missing, malformed or not signed by the key of the log',
  COSIGNATURE_INVALID: 'a signature under the name of a known witness does not hold',
  QUORUM_MISSING: 'too few of the known witnesses have cosigned',
  FORK: 'the log is not a continuation of the one that was seen before',
  LOG_SHRUNK: 'the log is smaller than it was when it was seen before',
  EPOCH_MISSING: 'an epoch that was seen before is not in the log any more',
  ROOT_MISMATCH: 'the entries do not add up to the root that the log signed',
  TILE_MISSING: 'a tile or bundle of the tree is missing',
  TILE_ALTERED: 'a tile says something else than the entries below it',
  TILE_EXTRA: 'a tile or bundle does not belong to the tree',
  ENTRY_ALTERED: 'an entry is not the one that the tree holds at its place',
  ENTRY_MOVED: 'an entry stands at another place than in the tree',
  ENTRY_MALFORMED: 'an entry is missing or has not the layout of an entry',
  RECORD_ALTERED: 'the record or its salt is not what its entry commits to',
  RECORD_MALFORMED: 'the bytes of the record are not canonical JSON of a record',
  RECORD_TWICE: 'two records have one id',
  COLUMN_ALTERED: 'a searchable column says something else than the record',
  SUBJECT_INDEX_ALTERED:
    'a record is not found by the persons whom it names, or by others too, or still when it is gone',
  RETENTION_MISMATCH: 'class or expiry month are not those of a record of this kind and time',
  RECORD_POSTDATED: 'the record bears a time that had not come when it was checked, or when one behind it was written',
  ERASURE_UNLOGGED: 'the record is gone, and no ERASURE record says so',
  ERASURE_EARLY: 'the record was erased before its term ended, or nothing that can be believed says that it had',
  ERASURE_UNDONE: 'an ERASURE record says that the record is gone, and it is there',
  RECORD_OUTSIDE_LOG: 'a record stands in the database and neither in the log nor on its way there',
  LEAF_OUTSIDE_TREE: 'a leaf stands in the database behind the end of the signed tree',
  RECEIPT_MISSING: 'an entry that someone holds a digest of is not in the log',
  EPOCH_UNCHAINED: 'a restarted log does not begin with the end of the one before it',
  EXPORT_INCOMPLETE: 'a file of the export is missing, unreadable or of another length than the tree',
} as const;
export type FindingKind = keyof typeof FINDING_KINDS;

export interface Finding {
  readonly kind: FindingKind;
  readonly epoch?: number;
  /** Index of the leaf. */
  readonly index?: number;
  readonly recordId?: string;
  /** One line: what differs from what. Never a value from a record. */
  readonly cause: string;
}

/** Enough to see what happened; what a hundred thousand more would say, the count says. */
const KEPT_OF_A_KIND = 1000;

/** Keeps the first findings of each kind and counts all. */
export class Findings {
  readonly kept: Finding[] = [];
  readonly counts: Partial<Record<FindingKind, number>> = {};

  add(finding: Finding): void {
    const count = (this.counts[finding.kind] ?? 0) + 1;
    this.counts[finding.kind] = count;
    if (count <= KEPT_OF_A_KIND) this.kept.push(finding);
  }

  /** True when one more of this kind would only be counted. */
  isFull(kind: FindingKind): boolean {
    return (this.counts[kind] ?? 0) >= KEPT_OF_A_KIND;
  }

  /** What a part of the work found. */
  take(other: Pick<Findings, 'kept' | 'counts'>, epoch: number): void {
    const before = { ...this.counts };
    for (const finding of other.kept) this.add({ epoch, ...finding });
    for (const [kind, count] of Object.entries(other.counts) as [FindingKind, number][]) {
      this.counts[kind] = (before[kind] ?? 0) + count;
    }
  }

  /** Epochs in which one of these was found. */
  epochsWith(kinds: readonly FindingKind[]): ReadonlySet<number | undefined> {
    return new Set(this.kept.filter(({ kind }) => kinds.includes(kind)).map(({ epoch }) => epoch));
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }
}
