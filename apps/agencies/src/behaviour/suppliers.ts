import type { ContractId } from '#contracts/contract.js';
import type { ReceivedEntry, SentEntry } from '../book/book-entry.js';
import type { BookView } from '../book/book-view.js';
import * as parts from '../messages/dossier-parts.js';
import * as messages from '../messages/supplier-messages.js';
import { stableId } from '../messages/stable-id.js';
import type { Person } from '../population/person.js';
import type { Behaviour, DueAt, SendIntent } from './intent.js';
import { personOf } from './strangers.js';
import { WORK_TIMES } from './work-times.js';

type Work = keyof typeof WORK_TIMES;

/** IND: answers the admission check, delivers its dossier part, and corrects it where the story says so. */
export const ind: Behaviour = (entry, view, dueAt) => {
  if (entry.kind === 'sent' && entry.contract === 'M28') return redeliver(entry, view, 'M08', dueAt);
  if (entry.kind !== 'received') return [];
  const person = personOf(entry, view);
  switch (entry.contract) {
    case 'M02':
      return [reply(entry, 'M03', messages.indCheckAnswer(entry, person), 'checkAnswer', dueAt)];
    case 'M07':
      return [reply(entry, 'M08', parts.indPart(entry, person), pace(person, 'IND'), dueAt)];
    case 'M13':
      return startsRest(entry) && person.indPart === 'CORRECTED' ? amend(entry, view, 'M08', 'M28', dueAt) : [];
    default:
      return [];
  }
};

/** DT&V: confirms each notification (M06), delivers its dossier part, and withdraws one where the story says so. */
export const dtv: Behaviour = (entry, view, dueAt) => {
  if (entry.kind === 'sent' && entry.contract === 'M29') return redeliver(entry, view, 'M09', dueAt);
  if (entry.kind !== 'received') return [];
  const person = personOf(entry, view);
  switch (entry.contract) {
    case 'M05':
      return [reply(entry, 'M06', messages.dtvAcknowledgement(entry), 'dtvAcknowledgement', dueAt)];
    case 'M07':
      return [reply(entry, 'M09', parts.dtvPart(entry, person), pace(person, 'DTV'), dueAt)];
    case 'M13':
      return startsRest(entry) && person.dtvPart === 'WITHDRAWN_AND_REDELIVERED'
        ? amend(entry, view, 'M09', 'M29', dueAt)
        : [];
    default:
      return [];
  }
};

/** COA: whether someone has a right to reception elsewhere (X6), and the history of reception when asked. */
export const coa: Behaviour = (entry, view, dueAt) => {
  if (entry.kind !== 'received') return [];
  const person = personOf(entry, view);
  if (entry.contract === 'M02')
    return [reply(entry, 'M03', messages.coaCheckAnswer(entry, person), 'checkAnswer', dueAt)];
  if (entry.contract === 'M07') return [reply(entry, 'M11', messages.receptionHistory(entry), 'supplement', dueAt)];
  return [];
};

/** AVIM: only what it is asked, and only the coded answer. */
export const avim: Behaviour = (entry, _view, dueAt) => {
  if (entry.kind !== 'received') return [];
  if (entry.contract === 'M02') return [reply(entry, 'M03', messages.avimCheckAnswer(entry), 'checkAnswer', dueAt)];
  if (entry.contract === 'M07') return [reply(entry, 'M10', messages.avimSupplement(entry), 'supplement', dueAt)];
  return [];
};

function startsRest(entry: ReceivedEntry): boolean {
  return entry.data['event'] === 'STARTED';
}

function pace(person: Person, supplier: 'IND' | 'DTV'): Work {
  return person.slowSupplier === supplier ? 'slowSupplier' : 'dossierPart';
}

/** The own id of an answer follows from the message that is answered, so that answering twice is answering once. */
function reply(entry: ReceivedEntry, contract: ContractId, data: object, work: Work, dueAt: DueAt): SendIntent {
  const id = `${contract}-${stableId(`${entry.source}|${entry.id}`)}`;
  return { kind: 'send', id, contract, caseId: entry.caseid, data, dueAt: dueAt(entry, id, WORK_TIMES[work]) };
}

/** Corrects or withdraws the first version of an own part: once the rest period runs, and once only. */
function amend(
  entry: ReceivedEntry,
  view: BookView,
  part: 'M08' | 'M09',
  notice: 'M28' | 'M29',
  dueAt: DueAt,
): SendIntent[] {
  const target = view.sentInCase(entry.caseid ?? '', part)[0];
  if (!target) return [];
  const id = `${notice}-${stableId(target.id)}`;
  const data = notice === 'M28' ? parts.correction(target) : parts.withdrawal(target);
  return [
    { kind: 'send', id, contract: notice, caseId: entry.caseid, data, dueAt: dueAt(entry, id, WORK_TIMES.correction) },
  ];
}

/** After the notice comes the part again, one version higher: new values never travel in the notice itself. */
function redeliver(entry: SentEntry, view: BookView, part: 'M08' | 'M09', dueAt: DueAt): SendIntent[] {
  const first = view.sentInCase(entry.caseId ?? '', part)[0];
  if (!first) return [];
  const id = `${part}-${stableId(`${first.id}-2`)}`;
  const data = parts.nextVersion(first, entry.at);
  return [
    { kind: 'send', id, contract: part, caseId: entry.caseId, data, dueAt: dueAt(entry, id, WORK_TIMES.redelivery) },
  ];
}
