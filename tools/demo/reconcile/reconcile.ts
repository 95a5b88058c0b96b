import type { ContractId } from '#contracts/contract.js';
import type { ReceivedEntry } from '../../../apps/agencies/src/book/book-entry.js';
import { type AgencyBook, oinOf, receivedIn } from './agency-book.js';
import { admission, type CaseFile, caseFiles, stayStarts } from './case-file.js';
import { type Expectation, expectationsOf } from './expectations.js';

/** One message that is missing from, or twice in, one receiver's book. */
export interface Finding {
  readonly contract: ContractId;
  readonly caseId: string;
  readonly receiver: string;
}

export interface Reconciliation {
  readonly expected: number;
  readonly lost: readonly Finding[];
  readonly doubled: readonly Finding[];
  /** What DT&V has of people who were refused and never stayed: must be nothing (T03). */
  readonly refusedKnownToDtv: readonly Finding[];
}

/** Compares the agencies' own books with the receipts in them. Pure; complete only once nothing is under way. */
export function reconcile(books: readonly AgencyBook[]): Reconciliation {
  const files = caseFiles(books);
  const expectations = files.flatMap((file) => expectationsOf(file, books));
  const effects = countBy(books.flatMap((book) => effectsOf(book, books)));
  const lost: Finding[] = [];
  const doubled: Finding[] = books.flatMap(appliedTwice);
  for (const [key, wanted] of groupByKey(expectations)) {
    const count = effects.get(key) ?? 0;
    lost.push(
      ...wanted
        .slice(count)
        .filter((one) => !one.mayBeAbsent)
        .map(findingOf),
    );
    for (let surplus = wanted.length; surplus < count; surplus += 1) doubled.push(findingOf(wanted[0]!));
  }
  return { expected: expectations.length, lost, doubled, refusedKnownToDtv: refusedAtDtv(files, books) };
}

function groupByKey(expectations: readonly Expectation[]): Map<string, Expectation[]> {
  const groups = new Map<string, Expectation[]>();
  for (const expectation of expectations) {
    const { sent, contract, caseId, event, receiver } = expectation;
    const what = sent ? bySender(sent.oin, sent.id) : byCase(contract, caseId, event ?? '');
    const key = `${receiver.name}|${what}`;
    groups.set(key, [...(groups.get(key) ?? []), expectation]);
  }
  return groups;
}

/** Keys of the distinct messages in a book, in the form by which an expectation looks for them. */
function effectsOf(book: AgencyBook, books: readonly AgencyBook[]): string[] {
  const peers = new Set(books.map((one) => one.oin));
  return distinct(receivedIn(book)).map((entry) => {
    const oin = oinOf(entry.source);
    const event = entry.contract === 'M13' ? String(entry.data['event']) : '';
    return `${book.name}|${peers.has(oin) ? bySender(oin, entry.id) : byCase(entry.contract, entry.caseid ?? '', event)}`;
  });
}

function countBy(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function refusedAtDtv(files: readonly CaseFile[], books: readonly AgencyBook[]): Finding[] {
  const refused = new Set(
    files.filter((file) => admission(file, 'REFUSED') && stayStarts(file).length === 0).map((file) => file.caseId),
  );
  return books
    .filter((book) => book.kind === 'DTV')
    .flatMap((book) => receivedIn(book).map((entry) => ({ receiver: book.name, entry })))
    .filter(({ entry }) => entry.caseid !== null && refused.has(entry.caseid))
    .map(({ receiver, entry }) => ({ contract: entry.contract, caseId: entry.caseid ?? '', receiver }));
}

function bySender(oin: string, id: string): string {
  return `sender|${oin}|${id}`;
}

function byCase(contract: ContractId, caseId: string, event: string): string {
  return `gateway|${contract}|${caseId}|${event}`;
}

function distinct(entries: readonly ReceivedEntry[]): readonly ReceivedEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.source}|${entry.id}`, entry])).values()];
}

/** The same (source, id) twice in one book: a duplicate that the system took for a new message. */
function appliedTwice(book: AgencyBook): Finding[] {
  const seen = new Set<string>();
  return receivedIn(book).flatMap((entry) => {
    const key = `${entry.source}|${entry.id}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ contract: entry.contract, caseId: entry.caseid ?? '', receiver: book.name }];
  });
}

function findingOf(expectation: Expectation): Finding {
  return { contract: expectation.contract, caseId: expectation.caseId, receiver: expectation.receiver.name };
}
