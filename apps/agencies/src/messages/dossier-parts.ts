import type {
  CorrectionNotice,
  DtvDossierPart,
  IndDossierPart,
  WithdrawalNotice,
} from '#contracts/generated/messages.js';
import { localDate, plusDays } from '../behaviour/local-date.js';
import type { ReceivedEntry, SentEntry } from '../book/book-entry.js';
import type { Person } from '../population/person.js';
import { lot } from '../population/prng.js';
import { stableId } from './stable-id.js';

/** Draws the same value for the same person and question, so that a second version tells the same story. */
function draw<const T>(person: Person, question: string, values: readonly T[]): T {
  return values[Math.floor(lot(`${person.vNumber}|${question}`) * values.length)]!;
}

type Header = Pick<IndDossierPart & DtvDossierPart, 'part_id' | 'part_version' | 'part_status' | 'as_of' | 'v_number'>;

function header(entry: ReceivedEntry, person: Person, supplier: 'IND' | 'DTV', hasFile: boolean): Header {
  return {
    part_id: stableId(`${supplier}|${entry.source}|${entry.id}`),
    part_version: 1,
    part_status: hasFile ? 'COMPLETE' : 'NO_FILE',
    as_of: entry.at,
    v_number: person.vNumber,
  };
}

/** M08: residence position and procedures in codes; never motives, interviews or medical advice. */
export function indPart(entry: ReceivedEntry, person: Person): IndDossierPart {
  const today = localDate(entry.at);
  if (!person.indHasFile) return header(entry, person, 'IND', false);
  const lodged = plusDays(today, -draw(person, 'lodged', [400, 800, 1600, 2900]));
  return {
    ...header(entry, person, 'IND', true),
    residence_status: draw(person, 'status', ['NONE', 'NONE', 'NONE', 'PENDING_REPEAT', 'APPEAL_SUSPENSIVE']),
    departure_obligation_since: plusDays(lodged, 200),
    procedures: [
      {
        type: 'ASYLUM_FIRST',
        lodged_on: lodged,
        decision: 'REJECTED',
        decided_on: plusDays(lodged, 180),
        suspensive: false,
      },
    ],
    asylum_background: true,
    dublin_active: false,
    return_decision: { exists: true, on: plusDays(lodged, 180) },
    entry_ban: { exists: false },
    declared_undesirable: false,
    identity_established: draw(person, 'identity', [true, false]),
    nationality_established: draw(person, 'nationality', [true, false]),
    stay_prospect: draw(person, 'prospect', ['NONE_WITHIN_POLICY', 'ASYLUM_NEW_FACTS_POSSIBLE', 'UNKNOWN']),
  };
}

/** M09: earlier departure procedures, documents and return options in codes. */
export function dtvPart(entry: ReceivedEntry, person: Person): DtvDossierPart {
  if (!person.dtvHasFile) return header(entry, person, 'DTV', false);
  const today = localDate(entry.at);
  const procedures = Array.from({ length: draw(person, 'procedures', [0, 1, 1, 2]) }, (_, index) => ({
    start: plusDays(today, -900 + index * 300),
    end: plusDays(today, -750 + index * 300),
    result: 'CLOSED' as const,
  }));
  return {
    ...header(entry, person, 'DTV', true),
    departure_procedures: procedures,
    departure_procedures_count: procedures.length,
    travel_document: draw(person, 'document', ['NONE', 'EXPIRED', 'IN_CUSTODY']),
    no_fault: draw(person, 'no-fault', ['NOT_CLAIMED', 'CLAIMED', 'REJECTED']),
    dtv_file_open: true,
    regievoerder: { name: 'Regievoerder Proef', phone: '+31700000000' },
  };
}

/** The same part again, one version higher and as of now. */
export function nextVersion(first: SentEntry, at: string): object {
  return { ...first.data, part_version: 2, as_of: at };
}

/** M28 on an own part: names the changed fields, not their values. */
export function correction(target: SentEntry): CorrectionNotice {
  return {
    target_message_id: target.receipt.messageId,
    material: false,
    changed_fields: ['as_of'],
    reason: 'FACT_ERROR',
  };
}

/** M29 on an own part: recipients must erase it and say so. */
export function withdrawal(target: SentEntry): WithdrawalNotice {
  return {
    target_message_id: target.receipt.messageId,
    material: true,
    changed_fields: ['departure_procedures'],
    reason: 'TECHNICAL',
  };
}
