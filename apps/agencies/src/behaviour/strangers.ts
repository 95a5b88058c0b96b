import type { ReceivedEntry } from '../book/book-entry.js';
import type { BookView } from '../book/book-view.js';
import type { Person } from '../population/person.js';

/**
 * Someone who is in no run, because a visitor of the demo typed a message by hand: an ordinary case, so that the visitor
 * sees the whole way. A number that starts with 9999 is unknown to IND, as in the population.
 */
const STRANGER: Person = {
  key: 'stranger',
  pilot: 'AMS',
  vNumber: '0000000000',
  familyName: 'Onbekend',
  givenNames: 'Onbekend',
  birthDate: '1980',
  sex: 'unknown',
  nationalities: ['0000'],
  origin: 'OTHER',
  stayKind: 'SHELTER',
  stayStart: 'BED_LATER',
  knownToInd: true,
  exclusion: null,
  indHasFile: true,
  dtvHasFile: true,
  slowSupplier: null,
  indPart: 'PLAIN',
  dtvPart: 'PLAIN',
  asksCoa: false,
  asksAvim: false,
};

/** Whom a message is about: by its V-number, else by what was said in the same case before. */
export function personOf(entry: ReceivedEntry, view: BookView): Person {
  const vNumber = entry.data['v_number'];
  const known = typeof vNumber === 'string' ? view.byVNumber(vNumber) : undefined;
  const ofCase = entry.caseid === null ? undefined : view.ofCase(entry.caseid);
  if (known ?? ofCase) return (known ?? ofCase)!;
  if (typeof vNumber !== 'string') return STRANGER;
  return { ...STRANGER, vNumber, knownToInd: !vNumber.startsWith('9999') };
}
