import { PURPOSES, type PurposeCode } from '#contracts/domain.js';
import type { CaseSnapshot } from '../cases/case-snapshot.js';
import type { Policy } from './policy.js';

/** What of a case says that a purpose has ended. A whole snapshot fits. */
export type PurposeFacts = Pick<CaseSnapshot, 'state' | 'admission' | 'dossier' | 'stays' | 'flags'>;

/**
 * Whether the purpose's end (domain 3.1) has passed in this case: then new requests and case reads for it close.
 * What can start again opens its purpose again: a withdrawn dossier part (P03), a revised scenario (P04).
 * P07 and P08 last until the exit for the parties themselves; the members' own grants end with the advice.
 * P10-P13 do not end with a case: figures, capacity, rights and security outlive it.
 */
export function purposeEnded(policy: Policy, purpose: PurposeCode, facts: PurposeFacts): boolean {
  const end = policy.purposes[purpose].ends;
  if (end === 'OUTSIDE_CASE') return false;
  if (facts.state === 'CLOSED' || facts.state === 'VOIDED') return true;
  switch (end) {
    case 'ADMISSION_DECIDED':
      return facts.admission !== null || hasExited(facts);
    case 'DOSSIER_DELIVERED':
      return dossierComplete(facts) || hasExited(facts);
    case 'SCENARIO_ACCEPTED':
      return facts.state === 'IN_TRAJECTORY' || hasExited(facts);
    case 'EXIT':
      return hasExited(facts);
    case 'RETENTION':
      return false;
  }
}

/** All purposes that have ended in a case, in the order of their codes. */
export function endedPurposesOf(policy: Policy, facts: PurposeFacts): PurposeCode[] {
  return PURPOSES.filter((purpose) => purposeEnded(policy, purpose, facts));
}

/** A refused applicant who had an emergency bed stays known to DT&V until that stay is closed. */
function hasExited({ state, stays }: PurposeFacts): boolean {
  return state === 'EXITED' || (state === 'REFUSED' && stays.length === 0);
}

function dossierComplete({ state, dossier, flags }: PurposeFacts): boolean {
  const reopened = state === 'DOSSIER_REQUESTED' || state === 'DOSSIER_PARTIAL' || flags.dossierUnderCorrection;
  return dossier?.deliveredAt !== undefined && !reopened;
}
