import type {
  AdmissionCheckRequest,
  AdmissionCheckResponse,
  AdmissionDecision,
} from '#contracts/generated/messages.js';
import type { CaseSnapshot, Ground, GroundAnswer } from './case-snapshot.js';
import { payloadOf } from './payload.js';
import {
  currentVNumber,
  messageOf,
  refuse,
  withCase,
  withFlags,
  type Condition,
  type Effect,
  type Guard,
  type Progress,
  type Step,
} from './step.js';

/** National grounds that must each be answered before anyone is admitted (domain 2.5, T04). */
const NATIONAL_GROUNDS: readonly Ground[] = ['X1', 'X2', 'X3', 'X4', 'X5', 'X6'];
/** Who may answer which ground (domain 2.4, INV-10). */
const ANSWERED_BY: Readonly<Record<Ground, string>> = {
  X1: 'IND',
  X1b: 'IND',
  X1c: 'IND',
  X2: 'IND',
  X3: 'IND',
  X4: 'IND',
  X5: 'IND',
  X6: 'COA',
  X7: 'AVIM',
};
/** A number in doubt may be replaced by a corrected one; a checked or running one may not. */
const NUMBER_IN_DOUBT: readonly CaseSnapshot['vNumber'][] = ['NONE', 'UNKNOWN', 'MISMATCH'];

export const admitted: Condition = (_progress, step) => payloadOf<AdmissionDecision>(step).outcome === 'ADMITTED';
export const notAdmitted: Condition = (progress, step) => !admitted(progress, step);

/** INV-15: outside a covenant no new application, admission or dossier request. What runs, runs on. */
export const covenantInForce: Guard = (_progress, { ctx }) =>
  ctx.pilot.covenantId === null ? refuse('COVENANT_EXPIRED', 'no covenant of this pilot is in force today') : null;

/** T01: the pilot's own municipality, or an intake desk that the pilot's policy names (`intake_desks`). */
export const mayRegister: Guard = (_progress, step) => {
  const { sender, data } = messageOf(step);
  const { pilot } = step.ctx;
  if (data.pilot !== pilot.code) return refuse('PILOT_UNKNOWN', 'the message names another pilot');
  if (sender.kind === 'MUNICIPALITY') {
    return sender.oin === pilot.municipalityOin
      ? null
      : refuse('PILOT_UNKNOWN', 'the pilot is not of this municipality');
  }
  const desks = pilot.policy.intake_desks;
  return Array.isArray(desks) && desks.includes(sender.oin)
    ? null
    : refuse('NOT_ENTITLED_IN_CASE', 'this organisation has no mandate to register for the pilot');
};

/** T01: an open case elsewhere does not stop an application; only one that would admit the person twice here does. */
export const noOpenCaseHere: Guard = (_progress, { ctx }) =>
  ctx.otherCases.some((other) => other.open && other.pilot === ctx.pilot.code)
    ? refuse('CASE_ALREADY_OPEN', 'an open case of this person exists in this pilot')
    : null;

/** T02: the number in the question is that of the case, unless the case has none that can be relied on. */
export const asksAboutThisPerson: Guard = (progress, step) => {
  if (NUMBER_IN_DOUBT.includes(progress.snapshot.vNumber)) return null;
  return payloadOf<AdmissionCheckRequest>(step).v_number === currentVNumber(progress, step)
    ? null
    : refuse('IDENTITY_MISMATCH', 'the V-number is not that of the case');
};

/** An identity check again makes sense only while the number is not verified. */
export const numberUnverified: Condition = (progress) => progress.snapshot.vNumber !== 'VERIFIED';

/** T02: a corrected number takes the place of one in doubt and waits for its check. */
export const takeNumber: Effect = (progress, step) => {
  const asked = payloadOf<AdmissionCheckRequest>(step).v_number;
  if (asked === currentVNumber(progress, step)) return progress;
  return { ...withCase(progress, { vNumber: 'UNVERIFIED' }), identityChange: { v_number: asked } };
};

/** M03: each party answers its own grounds and no other (INV-10). */
export const answersOwnGrounds: Guard = (_progress, step) => {
  const { sender } = messageOf(step);
  return answersIn(step).every(({ ground }) => ANSWERED_BY[ground] === sender.kind)
    ? null
    : refuse('NOT_ENTITLED_IN_CASE', 'a ground is answered that belongs to another party');
};

/** M03: the answers as recorded facts. They decide nothing (G7). */
export const recordAnswers: Effect = (progress, step) => {
  const { sender } = messageOf(step);
  const asOf = payloadOf<AdmissionCheckResponse>(step).as_of;
  const given = answersIn(step).map(
    ({ ground, answer }) => [ground, { answer, answeredBy: sender.kind, asOf }] as const,
  );
  return withCase(progress, { answers: { ...progress.snapshot.answers, ...Object.fromEntries(given) } });
};

/** M03: only the IND says whose number it is. A number that it does not know leaves the identity provisional (AS-11). */
export const recordNumberStatus: Effect = (progress, step) => {
  const { v_number_status, merged_to } = payloadOf<AdmissionCheckResponse>(step);
  const status = messageOf(step).sender.kind === 'IND' ? v_number_status : undefined;
  if (status === 'UNKNOWN' || status === 'MISMATCH') return numberIs(progress, status);
  if (status === 'MERGED_TO' && merged_to !== undefined) {
    return { ...numberIs(progress, 'VERIFIED'), identityChange: { v_number: merged_to } };
  }
  return status === 'MATCH' && currentVNumber(progress, step) !== undefined ? numberIs(progress, 'VERIFIED') : progress;
};

/** T03: a refusal or referral rests on a national or a local ground, named by its class or by itself. */
export const groundNamed: Guard = (_progress, step) => {
  const { ground_class, grounds = [] } = payloadOf<AdmissionDecision>(step);
  return ground_class === undefined && grounds.length === 0
    ? refuse('GROUND_REQUIRED', 'a refusal or referral names its ground or the class of it')
    : null;
};

/** T03: no stay begins with a refusal or referral; silently dropping it would leave someone unnotified. */
export const embedsNoStay: Guard = (_progress, step) =>
  payloadOf<AdmissionDecision>(step).stay === undefined
    ? null
    : refuse('CASE_STATE_CONFLICT', 'a stay begins with an admission only');

/**
 * T04: X1 to X6 are each NO; or a named official decided with a reason where there is no clear answer; or, on YES or
 * in review, there is an exception. The gateway checks that the decision is there, never whether it is right.
 */
export const groundsDecided: Guard = ({ snapshot }, step) => {
  const { exception_ground, decided_by_official = [] } = payloadOf<AdmissionDecision>(step);
  const excepted = exception_ground !== undefined;
  const open = openGrounds(snapshot.answers).filter(
    (ground) => !decided_by_official.some((one) => one.ground === ground),
  );
  if (open.some((ground) => snapshot.answers[ground] === undefined)) {
    return refuse('GROUNDS_UNANSWERED', 'a national ground has neither an answer nor a decision of an official');
  }
  if (groundApplies(snapshot) && !excepted) {
    return refuse('CASE_STATE_CONFLICT', 'a national ground applies; admission needs an exception ground');
  }
  return open.length > 0 && !excepted
    ? refuse('GROUNDS_UNANSWERED', 'a ground in review needs the decision of a named official')
    : null;
};

/** T03 and T04: what was decided, and whether it is outside the covenant (a YES on X1-X6 with an exception: AS-08). */
export const recordDecision: Effect = (progress, step) => {
  const { outcome, exception_ground: exceptionGround } = payloadOf<AdmissionDecision>(step);
  const decided = withCase(progress, {
    admission: { outcome, decidedAt: step.ctx.now, ...(exceptionGround === undefined ? {} : { exceptionGround }) },
  });
  return withFlags(decided, { outOfCovenant: outcome === 'ADMITTED' && groundApplies(progress.snapshot) });
};

/** T03: nothing waits for a refused applicant; only a bed that still stands keeps the alarm on its notification. */
export const stopTimersOfRefused: Effect = (progress) => {
  const { stays, timers } = progress.snapshot;
  return withCase(progress, { timers: stays.length === 0 ? [] : timers.filter((timer) => timer.kind === 'TMR-DTV') });
};

function groundApplies(snapshot: CaseSnapshot): boolean {
  return NATIONAL_GROUNDS.some((ground) => snapshot.answers[ground]?.answer === 'YES');
}

/**
 * Grounds without a clear answer. X1b (a heavy ban shorter than ten years, or of unknown length) is a matter of review
 * whenever it is not NO; nobody is obliged to ask it (domain 2.4).
 */
function openGrounds(answers: CaseSnapshot['answers']): readonly Ground[] {
  const clear = ['NO', 'YES'];
  const open = NATIONAL_GROUNDS.filter((ground) => !clear.includes(answers[ground]?.answer ?? 'UNKNOWN'));
  return ['NO', undefined].includes(answers.X1b?.answer) ? open : [...open, 'X1b'];
}

function numberIs(progress: Progress, vNumber: CaseSnapshot['vNumber']): Progress {
  return withFlags(withCase(progress, { vNumber }), { provisionalIdentity: vNumber !== 'VERIFIED' });
}

function answersIn(step: Step): readonly { ground: Ground; answer: GroundAnswer['answer'] }[] {
  const { answers } = payloadOf<AdmissionCheckResponse>(step);
  return Object.entries(answers).map(([ground, answer]) => ({ ground: ground as Ground, answer }));
}
