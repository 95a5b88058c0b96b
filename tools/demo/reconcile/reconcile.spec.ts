import { describe, expect, it } from '@jest/globals';
import type { AgencyBook } from './agency-book.js';
import { reconcile } from './reconcile.js';
import { BookWriter, writeRefused, writeResident, writeRestPeriod } from './testing/books.js';

const resident = (): BookWriter => {
  const writer = new BookWriter();
  writeResident(writer);
  return writer;
};

/** The same books with one entry of one book left out. */
const without = (books: readonly AgencyBook[], name: string, index: number): AgencyBook[] =>
  books.map((book) => (book.name === name ? { ...book, entries: book.entries.filter((_, at) => at !== index) } : book));

/** The same books with one entry of one book written twice. */
const twice = (books: readonly AgencyBook[], name: string, index: number): AgencyBook[] =>
  books.map((book) =>
    book.name === name
      ? { ...book, entries: book.entries.flatMap((entry, at) => (at === index ? [entry, entry] : [entry])) }
      : book,
  );

const receivedPlaces = (books: readonly AgencyBook[]): { name: string; index: number }[] =>
  books.flatMap((book) =>
    book.entries.flatMap((entry, index) => (entry.kind === 'received' ? [{ name: book.name, index }] : [])),
  );

describe("comparing the agencies' own books", () => {
  it('finds nothing lost or doubled after a flawless exchange', () => {
    const result = reconcile(resident().books());
    expect(result).toMatchObject({ lost: [], doubled: [], refusedKnownToDtv: [] });
    expect(result.expected).toBe(receivedPlaces(resident().books()).length);
  });

  it('counts exactly one lost message for whichever single entry is missing', () => {
    const books = resident().books();
    for (const { name, index } of receivedPlaces(books)) {
      const { lost, doubled } = reconcile(without(books, name, index));
      expect({ name, index, lost: lost.length, doubled: doubled.length }).toEqual({ name, index, lost: 1, doubled: 0 });
      expect(lost[0]?.receiver).toBe(name);
    }
  });

  it('counts exactly one doubled message for whichever single entry was applied twice', () => {
    const books = resident().books();
    for (const { name, index } of receivedPlaces(books)) {
      const { lost, doubled } = reconcile(twice(books, name, index));
      expect({ name, index, lost: lost.length, doubled: doubled.length }).toEqual({ name, index, lost: 0, doubled: 1 });
    }
  });

  it('sees two notifications for one stay as doubled, also under different ids', () => {
    const writer = resident();
    writer.make('M05', 'case-1', {}, ['dtv']);
    expect(reconcile(writer.books()).doubled).toEqual([{ contract: 'M05', caseId: 'case-1', receiver: 'dtv' }]);
  });

  it('expects one notification more for an emergency bed than DT&V has', () => {
    const writer = new BookWriter();
    writer.send('ams', 'M01', 'c', {}, [], 'p');
    writer.send('ams', 'M41', 'c', { event: 'STARTED' }, [], 'p');
    expect(reconcile(writer.books()).lost).toEqual([{ contract: 'M05', caseId: 'c', receiver: 'dtv' }]);
  });

  it('expects no dossier request where IND does not know the V-number', () => {
    const writer = new BookWriter();
    writer.send('ams', 'M01', 'c', {}, [], 'p');
    writer.send('ind', 'M03', 'c', { v_number_status: 'UNKNOWN' }, ['ams']);
    writer.send('ams', 'M04', 'c', { outcome: 'ADMITTED' }, [], 'p');
    expect(reconcile(writer.books()).lost).toEqual([]);
  });

  it('expects the voiding of the rest period after a withdrawal and its start again after re-delivery', () => {
    const writer = resident();
    const all = ['ams', 'ind', 'dtv', 'ngo-1'];
    const part = writer
      .books()
      .find((book) => book.name === 'dtv')!
      .entries.find((entry) => entry.kind === 'sent' && entry.contract === 'M09');
    const messageId = part?.kind === 'sent' ? part.receipt.messageId : '';
    writer.send('dtv', 'M29', 'case-1', { target_message_id: messageId }, ['ams']);
    expect(
      reconcile(writer.books())
        .lost.map((one) => one.receiver)
        .sort(),
    ).toEqual([...all].sort());
    writer.make('M13', 'case-1', { event: 'VOIDED' }, all);
    writer.send('ams', 'M30', 'case-1', { target_message_id: messageId }, ['dtv']);
    writer.send('dtv', 'M09', 'case-1', {}, ['ams']);
    expect(reconcile(writer.books()).lost).toHaveLength(8);
    writeRestPeriod(writer);
    expect(reconcile(writer.books())).toMatchObject({ lost: [], doubled: [] });
  });

  it('does not miss a withdrawn part that the receiver had no time to fetch', () => {
    const writer = resident();
    const dtv = writer.books().find((book) => book.name === 'dtv')!;
    const part = dtv.entries.find((entry) => entry.kind === 'sent' && entry.contract === 'M09');
    if (part?.kind !== 'sent') throw new Error('the resident has a part of DT&V');
    writer.send('dtv', 'M29', 'case-1', { target_message_id: part.receipt.messageId }, ['ams']);
    writer.make('M13', 'case-1', { event: 'VOIDED' }, ['ams', 'ind', 'dtv', 'ngo-1']);
    const index = writer
      .books()[0]!
      .entries.findIndex((entry) => entry.kind === 'received' && entry.contract === 'M09');
    expect(reconcile(without(writer.books(), 'ams', index)).lost).toEqual([]);
  });

  it('reports whatever DT&V has of a refused applicant', () => {
    const writer = new BookWriter();
    writeRefused(writer);
    expect(reconcile(writer.books()).refusedKnownToDtv).toEqual([]);
    writer.make('M05', 'case-refused', {}, ['dtv']);
    expect(reconcile(writer.books()).refusedKnownToDtv).toHaveLength(1);
  });

  it('lets DT&V know of someone who was refused after an emergency bed', () => {
    const writer = new BookWriter();
    writer.send('ams', 'M01', 'c', {}, [], 'p');
    writer.send('ams', 'M41', 'c', { event: 'STARTED' }, [], 'p');
    writer.make('M05', 'c', {}, ['dtv']);
    writer.send('ams', 'M04', 'c', { outcome: 'REFUSED' }, [], 'p');
    expect(reconcile(writer.books())).toMatchObject({ lost: [], doubled: [], refusedKnownToDtv: [] });
  });

  it('leaves out of account a case of which no municipality wrote down the application', () => {
    const writer = new BookWriter();
    writer.make('M05', 'typed-by-hand', {}, ['dtv']);
    expect(reconcile(writer.books())).toMatchObject({ lost: [], doubled: [] });
  });
});
