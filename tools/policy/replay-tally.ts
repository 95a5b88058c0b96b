import { VERDICTS, type RecordedDecision, type Verdict } from './replay-decision.js';

/** Ids of records to look at, for each kind of difference. */
const MAX_EXAMPLES = 3;

export interface Difference {
  readonly verdict: Verdict;
  readonly peerKind: string;
  readonly purpose: string;
  /** Contract, or the action where it is no message. */
  readonly what: string;
  readonly count: number;
  /** Record ids. */
  readonly examples: readonly string[];
}

/** Counts verdicts, and keeps what differs by kind of organisation, purpose and message. Never a case, never a person. */
export class ReplayTally {
  private readonly counts = new Map<Verdict, number>(VERDICTS.map((verdict) => [verdict, 0]));
  private readonly groups = new Map<string, Difference>();

  add(record: RecordedDecision, verdict: Verdict): void {
    this.counts.set(verdict, (this.counts.get(verdict) ?? 0) + 1);
    if (verdict === 'SAME' || verdict === 'OUTSIDE_POLICY') return;
    const { peerKind = '-', purpose = '-', contract, action, id } = record;
    const what = contract ?? action;
    const key = [verdict, peerKind, purpose, what].join(';');
    const seen = this.groups.get(key) ?? { verdict, peerKind, purpose, what, count: 0, examples: [] };
    const examples = seen.examples.length < MAX_EXAMPLES ? [...seen.examples, id] : seen.examples;
    this.groups.set(key, { ...seen, count: seen.count + 1, examples });
  }

  /** All verdicts with their numbers, zero included. */
  get totals(): Readonly<Record<Verdict, number>> {
    return Object.fromEntries(this.counts) as Record<Verdict, number>;
  }

  get records(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Largest first. */
  get differences(): readonly Difference[] {
    return [...this.groups.values()].sort((a, b) => b.count - a.count);
  }
}
