import { DateTime } from 'luxon';
import type { LocalDate } from '../../cases/case-snapshot.js';
import { grantWords, happeningWords, isGrant, outcomeWords } from './happening-words.js';
import { BASIS_WORDS, DATA_WORDS, PURPOSE_WORDS } from './plain-words.js';
import type { ReportEntry } from './report-entry.js';

const ZONE = 'Europe/Amsterdam';
export const GATEWAY_NAME = 'Ketenpoort';

/** What a line says in plain Dutch, without its moment: lines that say the same are one group. */
export interface EntryWords {
  readonly organisation: string;
  readonly what: string;
  readonly outcome: string;
  readonly purpose: string;
  readonly legalBases: readonly string[];
  readonly data: readonly string[];
  /** Where the data came from; empty for what an organisation did with its own. */
  readonly source: string;
  readonly recipients: readonly string[];
}

export interface Naming {
  readonly nameOf: (oin: string) => string;
  /** Organisations that may not be named: the police, until it has released its part. */
  readonly isHidden: (oin: string) => boolean;
}

export function entryWords(entry: ReportEntry, { nameOf, isHidden }: Naming): EntryWords {
  const { action, contract, purpose, legalBases, data, source, permitted, code } = entry;
  const recipients = entry.recipients.filter((oin) => !isHidden(oin)).map(nameOf);
  return {
    organisation: actor(entry, { nameOf, isHidden }),
    what: isGrant(action) ? grantWords(action, recipients) : happeningWords(action, contract),
    outcome: outcomeWords(permitted, code),
    purpose: purpose === null ? '' : PURPOSE_WORDS[purpose],
    legalBases: legalBases.flatMap((basis) => BASIS_WORDS[basis] ?? []),
    data: data.flatMap((group) => DATA_WORDS[group] ?? []),
    source: source === null || source === entry.by || isHidden(source) ? '' : nameOf(source),
    recipients: isGrant(action) ? [] : recipients,
  };
}

function actor({ by, byGateway, part }: ReportEntry, { nameOf, isHidden }: Naming): string {
  if (byGateway) return `${GATEWAY_NAME}, voor ${nameOf(part.oin)}`;
  return by === null || isHidden(by) ? 'Een onbekende organisatie' : nameOf(by);
}

/** `2 maart 2026`. */
export function dayWords(date: LocalDate): string {
  return DateTime.fromISO(date, { zone: ZONE, locale: 'nl' }).toFormat('d MMMM yyyy');
}

/** `2 maart 2026, 10.15 uur`, Dutch time. */
export function momentWords(instant: string): string {
  return DateTime.fromISO(instant, { zone: ZONE, locale: 'nl' }).toFormat("d MMMM yyyy, HH.mm 'uur'");
}
