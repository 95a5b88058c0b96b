import type { ReceivedEntry } from '../book/book-entry.js';
import type { Admission } from '../behaviour/admission.js';
import type { OwnFact } from '../behaviour/intent.js';
import { plusDays } from '../behaviour/local-date.js';
import type { Person } from '../population/person.js';
import { QUESTIONS } from './check-answers.js';
import { stableId } from './stable-id.js';

const POLICY_VERSION = '2026-01';
/** Length of a guidance assignment. */
const GUIDANCE_DAYS = 180;

type Stay = Extract<OwnFact, { kind: 'stay' }>;

/** M01: who someone says to be, and how he or she came; never why someone fled, never health. */
export function application(person: Person, appliedOn: string): object {
  return {
    pilot: person.pilot,
    v_number: person.vNumber,
    family_name: person.familyName,
    given_names: person.givenNames,
    birth_date: person.birthDate,
    sex: person.sex,
    nationalities: person.nationalities,
    origin: person.origin,
    regional_tie: { present: person.exclusion !== 'L1' },
    willing: true,
    applied_on: appliedOn,
  };
}

/** M02: the national grounds that others must answer. */
export function checkRequest(person: Person, testDate: string): object {
  return {
    v_number: person.vNumber,
    family_name: person.familyName,
    birth_date: person.birthDate,
    questions: [...QUESTIONS],
    test_date: testDate,
  };
}

/** M04: the decision, with the stay when the bed is ready. */
export function admissionDecision(admission: Admission, stay: Stay | undefined): object {
  return {
    outcome: admission.outcome,
    policy_version: POLICY_VERSION,
    ...(admission.groundClass === undefined ? {} : { ground_class: admission.groundClass }),
    ...(admission.decidedByOfficial.length === 0 ? {} : { decision: { reason: 'DOCUMENTS' } }),
    ...(stay === undefined ? {} : { stay: stayStarted(stay) }),
  };
}

/** M41: shelter or guidance has begun. This is what makes someone known to DT&V. */
export function stayStarted(stay: Stay): object {
  return { stay_id: stay.stayId, event: 'STARTED', kind: stay.stayKind, on: stay.on };
}

/** M43: which NGO guides the resident, and for how long. */
export function guidanceAssignment(traits: { readonly guidanceOin: string }, person: Person, from: string): object {
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
  parts: readonly string[],
  requestedOn: string,
): object {
  return { v_number: person.vNumber, case_id: caseId, parts, requested_on: requestedOn, reason: 'INTAKE' };
}

/** M30: what had been received under a withdrawn message is gone. */
export function purgeConfirmation(withdrawal: ReceivedEntry): object {
  return {
    target_message_id: withdrawal.data['target_message_id'],
    purged_at: withdrawal.at,
    scope: 'FULL',
    reference: stableId(withdrawal.id),
  };
}
