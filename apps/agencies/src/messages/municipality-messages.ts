import type {
  AdmissionCheckRequest, AdmissionDecision, DossierRequest, GuidanceAssignment, PurgeConfirmation, ResidentApplication,
  StayEvent,
} from '#contracts/generated/messages.js'; // prettier-ignore
import type { ReceivedEntry } from '../book/book-entry.js';
import type { Admission } from '../behaviour/admission.js';
import type { OwnFact } from '../behaviour/intent.js';
import { plusDays } from '../behaviour/local-date.js';
import type { Person } from '../population/person.js';
import { QUESTIONS } from './check-answers.js';

const POLICY_VERSION = '2026-01';
/** Pseudonym of the official who decides where the answers leave room. */
const OFFICIAL_REF = 'toelating-01';
/** Length of a guidance assignment. */
const GUIDANCE_DAYS = 180;

type Stay = Extract<OwnFact, { kind: 'stay' }>;

/** M01: who someone says to be, and how he or she came; never why someone fled, never health. */
export function application(person: Person, appliedOn: string): ResidentApplication {
  return {
    pilot: person.pilot,
    v_number: person.vNumber,
    family_name: person.familyName,
    given_names: person.givenNames,
    birth_date: person.birthDate,
    sex: person.sex,
    nationalities: [...person.nationalities],
    origin: person.origin,
    regional_tie:
      person.exclusion === 'L1' ? { kind: 'NONE', evidence: 'NONE' } : { kind: 'REGISTERED', evidence: 'REGISTER' },
    willing: true,
    applied_on: appliedOn,
  };
}

/** M02: the national grounds that others must answer. */
export function checkRequest(person: Person, testDate: string): AdmissionCheckRequest {
  return {
    v_number: person.vNumber,
    family_name: person.familyName,
    birth_date: person.birthDate,
    questions: [...QUESTIONS],
    test_date: testDate,
  };
}

/** M04: the decision, with the stay when the bed is ready, and with a named official where a question stayed open. */
export function admissionDecision(admission: Admission, stay: Stay | undefined, decidedOn: string): AdmissionDecision {
  const official = admission.decidedByOfficial.map((ground) => ({
    ground,
    official_ref: OFFICIAL_REF,
    reason: 'DOCUMENT_SHOWN' as const,
  }));
  return {
    outcome: admission.outcome,
    policy_version: POLICY_VERSION,
    ...(admission.groundClass === undefined ? {} : { ground_class: admission.groundClass }),
    ...(official.length === 0 ? {} : { decided_by_official: official }),
    decided_on: decidedOn,
    ...(stay === undefined ? {} : { stay: { stay_id: stay.stayId, kind: stay.stayKind, on: stay.on } }),
  };
}

/** M41: shelter or guidance has begun. This is what makes someone known to DT&V. */
export function stayStarted(stay: Stay): StayEvent {
  return { stay_id: stay.stayId, event: 'STARTED', kind: stay.stayKind, on: stay.on };
}

/** M43: which NGO guides the resident, and for how long. */
export function guidanceAssignment(
  traits: { readonly guidanceOin: string },
  person: Person,
  from: string,
): GuidanceAssignment {
  return {
    ngo_oin: traits.guidanceOin,
    from,
    to: plusDays(from, GUIDANCE_DAYS),
    contract_ref: `RAAM-${person.pilot}-2026`,
  };
}

/** Suppliers of supplements that are asked beside the two mandatory parts. */
export function supplementsOf(person: Person): readonly ('COA' | 'AVIM')[] {
  return [...(person.asksCoa ? (['COA'] as const) : []), ...(person.asksAvim ? (['AVIM'] as const) : [])];
}

/** M07 for supplements only: the request for the mandatory parts follows from the admission by itself. */
export function supplementRequest(
  person: Person,
  caseId: string,
  parts: readonly ('COA' | 'AVIM')[],
  requestedOn: string,
): DossierRequest {
  return { v_number: person.vNumber, case_id: caseId, parts: [...parts], requested_on: requestedOn, reason: 'INTAKE' };
}

/** M30: what had been received under a withdrawn message is gone. */
export function purgeConfirmation(withdrawal: ReceivedEntry): PurgeConfirmation {
  return {
    target_message_id: String(withdrawal.data['target_message_id']),
    purged_at: withdrawal.at,
    scope: 'ALL',
  };
}
