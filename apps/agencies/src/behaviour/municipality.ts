import type { BookEntry, PlayEntry, ReceivedEntry, SentEntry } from '../book/book-entry.js';
import type { BookView } from '../book/book-view.js';
import * as messages from '../messages/municipality-messages.js';
import { stableId } from '../messages/stable-id.js';
import type { Person } from '../population/person.js';
import { createPopulation } from '../population/population.js';
import { decide } from './admission.js';
import type { Behaviour, DueAt, Intent, OwnFact, SendIntent } from './intent.js';
import { localDate } from './local-date.js';
import { WORK_TIMES } from './work-times.js';

export interface MunicipalityTraits {
  readonly pilot: string;
  /** OIN of the NGO that guides its residents. */
  readonly guidanceOin: string;
}

/** Registers, asks, decides, starts the stay and assigns the NGO (domain 2.5, T01-T05); then waits for the dossier. */
export function municipality(traits: MunicipalityTraits): Behaviour {
  return (entry, view, dueAt) => {
    if (entry.kind === 'play') return applications(entry, traits, dueAt);
    if (entry.kind === 'sent') return afterSent(entry, view, traits, dueAt);
    if (entry.kind === 'received') return afterReceived(entry, view, dueAt);
    return [];
  };
}

function applications(entry: PlayEntry, traits: MunicipalityTraits, dueAt: DueAt): Intent[] {
  const own = createPopulation(entry.residents, entry.seed).filter((person) => person.pilot === traits.pilot);
  return own.map((person) => {
    const id = `${person.key}-M01`;
    return {
      kind: 'send',
      id,
      contract: 'M01',
      caseId: null,
      data: messages.application(person, localDate(entry.at)),
      person: person.key,
      fact: { kind: 'person', person: person.key, vNumber: person.vNumber },
      dueAt: dueAt(entry, id, WORK_TIMES.application),
    };
  });
}

function afterSent(entry: SentEntry, view: BookView, traits: MunicipalityTraits, dueAt: DueAt): Intent[] {
  const person = entry.person === undefined ? undefined : view.person(entry.person);
  if (!person || entry.caseId === null) return [];
  const today = localDate(entry.at);
  const next = sender(entry, entry.caseId, person, dueAt);
  switch (entry.contract) {
    case 'M01':
      return [next('M02', messages.checkRequest(person, today), 'checkRequest')];
    case 'M02':
      return person.stayStart === 'EMERGENCY_BED' ? [startStay(next, person, today, 'emergencyBed')] : [];
    case 'M04': {
      if (entry.data['outcome'] !== 'ADMITTED') return [];
      const intents = [next('M43', messages.guidanceAssignment(traits, person, today), 'assignment')];
      if (person.stayStart === 'BED_LATER') intents.push(startStay(next, person, today, 'bedReady'));
      const supplements = messages.supplementsOf(person);
      if (supplements.length > 0 && person.knownToInd) {
        const request = messages.supplementRequest(person, entry.caseId, supplements, today);
        intents.push(next('M07', request, 'supplementRequest'));
      }
      return intents;
    }
    default:
      return [];
  }
}

function afterReceived(entry: ReceivedEntry, view: BookView, dueAt: DueAt): Intent[] {
  const person = entry.caseid === null ? undefined : view.ofCase(entry.caseid);
  if (!person || entry.caseid === null) return [];
  const next = sender(entry, entry.caseid, person, dueAt);
  if (entry.contract === 'M03') return decision(entry, view, person, next);
  if (entry.contract === 'M29') return [next('M30', messages.purgeConfirmation(entry), 'purge', undefined, entry.id)];
  if (entry.contract === 'M13' && entry.data['event'] === 'STARTED') {
    // With delivery the purpose of assembling the dossier (P03) has ended; it is read to prepare the LSO (P04).
    const id = `${person.key}-reading-${entry.id}`;
    return [{ kind: 'consult', id, caseId: entry.caseid, purpose: 'P04', dueAt: dueAt(entry, id, WORK_TIMES.reading) }];
  }
  return [];
}

/** Decides once every question has its answer; until then it waits. */
function decision(entry: ReceivedEntry, view: BookView, person: Person, next: Next): Intent[] {
  const answers = view.received(entry.caseid ?? '', 'M03').map((received) => received.data);
  const admission = decide(person, answers);
  if (admission === null) return [];
  const today = localDate(entry.at);
  const withStay = admission.outcome === 'ADMITTED' && person.stayStart === 'WITH_ADMISSION';
  const stay = withStay ? stayOf(person, today) : undefined;
  return [next('M04', messages.admissionDecision(admission, stay, today), 'decision', stay)];
}

function startStay(next: Next, person: Person, today: string, work: keyof typeof WORK_TIMES): SendIntent {
  const stay = stayOf(person, today);
  return next('M41', messages.stayStarted(stay), work, stay);
}

function stayOf(person: Person, on: string): Extract<OwnFact, { kind: 'stay' }> {
  return { kind: 'stay', stayId: stableId(`${person.key}-stay`), person: person.key, stayKind: person.stayKind, on };
}

type Next = (
  contract: SendIntent['contract'],
  data: object,
  work: keyof typeof WORK_TIMES,
  fact?: OwnFact,
  discriminator?: string,
) => SendIntent;

/** Own ids: `<person>-<contract>`, with the id of what it answers when there can be more than one. */
function sender(entry: BookEntry, caseId: string, person: Person, dueAt: DueAt): Next {
  return (contract, data, work, fact, discriminator) => {
    const id = [person.key, contract, ...(discriminator === undefined ? [] : [stableId(discriminator)])].join('-');
    return {
      kind: 'send',
      id,
      contract,
      caseId,
      data,
      person: person.key,
      ...(fact === undefined ? {} : { fact }),
      dueAt: dueAt(entry, id, WORK_TIMES[work]),
    };
  };
}
