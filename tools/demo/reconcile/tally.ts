import type { ReceivedEntry } from '../../../apps/agencies/src/book/book-entry.js';
import { type AgencyBook, receivedIn, sentBy, staysIn, textOf } from './agency-book.js';

/** The counts of the demo's last line, from the municipalities' and DT&V's own books. */
export interface Tally {
  /** Residents with a started stay. */
  readonly registered: number;
  readonly knownToDtv: number;
  /** Both mandatory parts are in the municipality's book. */
  readonly delivered: number;
  /** No dossier request: IND does not know the V-number. */
  readonly held: number;
  /** Requested, a part is still missing. */
  readonly outstanding: number;
  readonly restRunning: number;
  readonly refusedApplicants: number;
}

interface Resident {
  readonly caseId: string | null;
  readonly received: readonly ReceivedEntry[];
}

export function tally(books: readonly AgencyBook[]): Tally {
  const municipalities = books.filter((book) => book.kind === 'MUNICIPALITY');
  const residents = municipalities.flatMap(residentsOf);
  const notified = new Set(
    books
      .filter((book) => book.kind === 'DTV')
      .flatMap(receivedIn)
      .filter((entry) => entry.contract === 'M05')
      .map((entry) => entry.caseid),
  );
  const standings = residents.map(dossierStanding);
  const refused = municipalities
    .flatMap(sentBy)
    .filter((entry) => entry.contract === 'M04' && entry.data['outcome'] === 'REFUSED');
  return {
    registered: residents.length,
    knownToDtv: residents.filter((resident) => resident.caseId !== null && notified.has(resident.caseId)).length,
    delivered: standings.filter((standing) => standing === 'delivered').length,
    held: standings.filter((standing) => standing === 'held').length,
    outstanding: standings.filter((standing) => standing === 'outstanding').length,
    restRunning: residents.filter(restRuns).length,
    refusedApplicants: refused.length,
  };
}

/** A resident counts from the moment the municipality's own administration has the stay, told or not. */
function residentsOf(book: AgencyBook): Resident[] {
  const caseOf = new Map(sentBy(book).map((entry) => [entry.person, entry.caseId]));
  return staysIn(book).map((stay) => {
    const caseId = caseOf.get(stay.person) ?? null;
    return { caseId, received: caseId === null ? [] : receivedIn(book).filter((entry) => entry.caseid === caseId) };
  });
}

function dossierStanding({ received }: Resident): 'delivered' | 'held' | 'outstanding' {
  if (hasPart(received, 'M08') && hasPart(received, 'M09')) return 'delivered';
  const answers = received
    .filter((entry) => entry.contract === 'M03')
    .map((entry) => textOf(entry.data, 'v_number_status'));
  return answers.some((status) => status === 'UNKNOWN' || status === 'MISMATCH') ? 'held' : 'outstanding';
}

/** A part counts until the same supplier withdraws it; a later version counts again. */
function hasPart(received: readonly ReceivedEntry[], contract: 'M08' | 'M09'): boolean {
  const source = received.find((entry) => entry.contract === contract)?.source;
  const last = received.filter((entry) => entry.source === source && [contract, 'M29'].includes(entry.contract)).at(-1);
  return last?.contract === contract;
}

function restRuns({ received }: Resident): boolean {
  const last = received.filter((entry) => entry.contract === 'M13').at(-1);
  return ['STARTED', 'RESTARTED'].includes(textOf(last?.data ?? {}, 'event'));
}
