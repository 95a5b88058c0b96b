import type { LocalDate } from '../../cases/case-snapshot.js';
import { entryWords, type EntryWords, type Naming } from './entry-words.js';
import { GROUNDS, type WithholdGround } from './grounds.js';
import { mayReachPolice, policeReleased } from './police-hidden.js';
import type { ReportEntry } from './report-entry.js';
import type { PartRow, WithheldRow } from './report-rows.js';
import { hasCome } from './visible-parts.js';

/** Lines that say the same: what happened how often, and between which days. */
export interface EntryGroup extends EntryWords {
  /** From 1, in order of first appearance; each line refers to it. */
  readonly number: number;
  count: number;
  readonly first: string;
  last: string;
}

/** Lines that a controller withholds for one reason until one day. */
export interface WithheldCount {
  readonly ground: WithholdGround;
  readonly words: string;
  readonly showFrom: LocalDate | null;
  count: number;
}

export interface PartCount {
  shown: number;
  readonly withheld: WithheldCount[];
}

export interface Showing extends Naming {
  readonly parts: readonly PartRow[];
  readonly withheld: ReadonlyMap<string, WithheldRow>;
  readonly today: LocalDate;
}

/** One pass over the lines makes it: groups, and what is shown and withheld of each part. Bounded by kinds of lines. */
export class Summary {
  private readonly byContent = new Map<string, EntryGroup>();
  private readonly byPart = new Map<string, PartCount>();

  constructor(private readonly showing: Showing) {}

  get groups(): readonly EntryGroup[] {
    return [...this.byContent.values()];
  }

  countOf(oin: string): PartCount {
    const known = this.byPart.get(oin) ?? { shown: 0, withheld: [] };
    this.byPart.set(oin, known);
    return known;
  }

  add(entry: ReportEntry): void {
    const part = this.showing.parts.find((one) => one.oin === entry.part.oin);
    if (part?.state !== 'RELEASED') return;
    const hidden = this.withheldOf(entry);
    const count = this.countOf(part.oin);
    if (hidden) addWithheld(count, hidden);
    else {
      count.shown += 1;
      this.addToGroup(entry);
    }
  }

  /** The group of a line that is shown; null for one that is not. The same answer in the second pass as in the first. */
  groupOf(entry: ReportEntry): EntryGroup | null {
    const part = this.showing.parts.find((one) => one.oin === entry.part.oin);
    if (part?.state !== 'RELEASED' || this.withheldOf(entry)) return null;
    return this.byContent.get(JSON.stringify(entryWords(entry, this.showing))) ?? null;
  }

  /**
   * The bytes of a record name its recipients and its source, also those that the document may not name. Until the police
   * has released its part they stay behind for every message that may go to the police, whether this one did or not:
   * otherwise it would show in what stays behind.
   */
  closedFor({ closed, contract, recipients, source }: ReportEntry): ReportEntry['closed'] {
    const named = [...recipients, ...(source === null ? [] : [source])];
    const mayName = contract !== null && mayReachPolice(contract) && !policeReleased(this.showing.parts);
    return mayName || named.some((oin) => this.showing.isHidden(oin)) ? 'OTHERS' : closed;
  }

  private withheldOf(entry: ReportEntry): WithheldRow | null {
    const row = this.showing.withheld.get(entry.id);
    return row && !hasCome(row.showFrom, this.showing.today) ? row : null;
  }

  private addToGroup(entry: ReportEntry): void {
    const words = entryWords(entry, this.showing);
    const key = JSON.stringify(words);
    const known = this.byContent.get(key);
    if (!known) {
      const number = this.byContent.size + 1;
      this.byContent.set(key, { number, ...words, count: 1, first: entry.at, last: entry.at });
      return;
    }
    known.count += 1;
    known.last = entry.at;
  }
}

function addWithheld({ withheld }: PartCount, { ground, showFrom }: WithheldRow): void {
  const known = withheld.find((one) => one.ground === ground && one.showFrom === showFrom);
  if (known) known.count += 1;
  else withheld.push({ ground, showFrom, words: GROUNDS[ground].words, count: 1 });
}
