import { CASE_STATES, type CaseState } from '#contracts/domain.js';

/** ADMITTED .. NATIONAL_ESCALATION: what domain 2.5 calls "active". */
export const ACTIVE: readonly CaseState[] = [
  'ADMITTED',
  'DOSSIER_REQUESTED',
  'DOSSIER_PARTIAL',
  'REST_PERIOD',
  'SCENARIO_PREP',
  'SCENARIO_OFFERED',
  'IN_TRAJECTORY',
  'MRT',
  'NATIONAL_ESCALATION',
];

/** The dossier was requested: its suppliers may answer, supplements may be asked and given. */
export const DOSSIER_OR_LATER: readonly CaseState[] = ACTIVE.slice(1);

/** A full dossier was delivered at least once. */
export const REST_OR_LATER: readonly CaseState[] = ACTIVE.slice(3);

/** The dossier is in use, but no scenario rests on it yet: it can still be taken back as a whole (T11b). */
export const BEFORE_SCENARIO: readonly CaseState[] = ['REST_PERIOD', 'SCENARIO_PREP'];

/** A scenario rests on the dossier: a fault in it is put to the LSO and takes nothing back by itself (T11b, T15). */
export const WITH_SCENARIO: readonly CaseState[] = ['SCENARIO_OFFERED', 'IN_TRAJECTORY', 'MRT', 'NATIONAL_ESCALATION'];

/** A bed or guidance may begin: from the admission check (emergency bed) to the end of the trajectory. */
export const STAY_MAY_START: readonly CaseState[] = ['SCREENING', ...ACTIVE];

/** Any state of an existing case. */
export const ANY: readonly CaseState[] = CASE_STATES;

const ENDED: readonly CaseState[] = ['REFUSED', 'EXITED', 'CLOSED', 'VOIDED'];

/** A case that still runs: it blocks a second application of the same person in the same pilot (T01). */
export function isOpenState(state: CaseState): boolean {
  return !ENDED.includes(state);
}
