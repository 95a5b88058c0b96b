import type { ReceivedEntry, SentEntry, StayEntry } from '../../../apps/agencies/src/book/book-entry.js';
import type { BookEntry } from '../../../apps/agencies/src/book/book-entry.js';
import type { PeerKind } from '#contracts/domain.js';

/** The own administration of one organisation, as it reads it out itself. */
export interface AgencyBook {
  readonly name: string;
  readonly oin: string;
  readonly kind: PeerKind;
  readonly entries: readonly BookEntry[];
}

export type Sent = SentEntry & { readonly by: AgencyBook };

export function receivedIn(book: AgencyBook): readonly ReceivedEntry[] {
  return book.entries.filter((entry) => entry.kind === 'received');
}

export function sentBy(book: AgencyBook): readonly SentEntry[] {
  return book.entries.filter((entry) => entry.kind === 'sent');
}

export function staysIn(book: AgencyBook): readonly StayEntry[] {
  return book.entries.filter((entry) => entry.kind === 'stay');
}

/** All accepted messages of all books in order of acceptance by the gateway, as the receipts say. */
export function allSent(books: readonly AgencyBook[]): readonly Sent[] {
  return books
    .flatMap((book) => sentBy(book).map((entry) => ({ ...entry, by: book })))
    .sort((left, right) => Date.parse(left.receipt.acceptedAt) - Date.parse(right.receipt.acceptedAt));
}

/** OIN in a CloudEvents source `urn:nld:oin:<oin>:<system>`; empty when the source has another form. */
export function oinOf(source: string): string {
  return /^urn:nld:oin:([0-9A-Za-z]{20})(:|$)/.exec(source)?.[1] ?? '';
}

export function textOf(data: Readonly<Record<string, unknown>>, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : '';
}

export function listOf(data: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const value = data[name];
  return Array.isArray(value) ? value : [];
}
