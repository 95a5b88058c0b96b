import type { CaseState } from '#contracts/domain.js';
import type { CorrectionNotice, TechnicalReceipt } from '#contracts/generated/messages.js';
import type { CaseSnapshot, DossierPart } from './case-snapshot.js';
import { MANDATORY, TIMER_OF, acceptedPart } from './dossier.js';
import { payloadOf } from './payload.js';
import {
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
import { dueAt, startTimer, startTimerAt } from './timers.js';

/** M40 reasons that say the part itself cannot be used (T11). */
const UNUSABLE: readonly TechnicalReceipt['error_code'][] = ['WRONG_PERSON', 'UNREADABLE', 'INCOMPLETE'];

/** M40 REJECTED of a mandatory part that is in force; any other M40 is a technical matter between two systems. */
export const rejectsPart: Condition = (progress, step) => {
  const { status, error_code } = payloadOf<TechnicalReceipt>(step);
  return status === 'REJECTED' && UNUSABLE.includes(error_code) && partInForce(progress, step) !== undefined;
};

/** After delivery only one fault of a part takes effect by itself: it is about somebody else (T11b). */
export const rejectsWrongPerson: Condition = (progress, step) =>
  rejectsPart(progress, step) && payloadOf<TechnicalReceipt>(step).error_code === 'WRONG_PERSON';

export const aboutPartInForce: Condition = (progress, step) => partInForce(progress, step) !== undefined;

/** M28 on a mandatory part, in force or already replaced: the notice may come after the new version that it announces. */
export const correctsMaterially: Condition = (_progress, step) =>
  aboutMandatoryPart(step) && payloadOf<CorrectionNotice>(step).material === true;

export const correctsImmaterially: Condition = (_progress, step) =>
  aboutMandatoryPart(step) && payloadOf<CorrectionNotice>(step).material === false;

/** What M28, M29, M30 and M40 are about belongs to this case. */
export const targetIsKnown: Guard = (_progress, step) =>
  messageOf(step).target ? null : refuse('TARGET_NOT_FOUND', 'the target message is not one of this case');

/** M28, M29: only the author corrects or withdraws (domain 2.7). */
export const isAuthor: Guard = (_progress, step) => {
  const { target, sender } = messageOf(step);
  return target?.senderOin === sender.oin
    ? null
    : refuse('NOT_ENTITLED_IN_CASE', 'only its author corrects or withdraws a message');
};

/** T11: the supplier's alarm runs on from the original request, as if nothing had been delivered. */
export const rejectPart: Effect = (progress, step) => {
  const part = theirPart(progress, step);
  const closed = closePart(progress, part, 'REJECTED');
  const startedAt = closed.snapshot.dossier?.requestedAt ?? step.ctx.now;
  const kind = TIMER_OF[part.supplier];
  return startTimerAt(closed, { kind, startedAt, dueAt: dueAt(kind, startedAt) });
};

/** T11b before a scenario: the supplier gets its full time for another part. */
export const rejectDeliveredPart: Effect = (progress, step) => {
  const part = theirPart(progress, step);
  return startTimer(TIMER_OF[part.supplier])(closePart(progress, part, 'REJECTED'), step);
};

/** T12: likewise, by the supplier itself. */
export const withdrawPart: Effect = (progress, step) => {
  const part = theirPart(progress, step);
  return startTimer(TIMER_OF[part.supplier])(closePart(progress, part, 'WITHDRAWN'), step);
};

export const flagUnderCorrection: Effect = (progress) => withFlags(progress, { dossierUnderCorrection: true });

/** The dossier's state follows from the parts that are still in force. */
export function dossierState(snapshot: CaseSnapshot): CaseState {
  const any = MANDATORY.some((supplier) => acceptedPart(snapshot, supplier));
  return any ? 'DOSSIER_PARTIAL' : 'DOSSIER_REQUESTED';
}

function aboutMandatoryPart(step: Step): boolean {
  const contract = messageOf(step).target?.contract;
  return contract === 'M08' || contract === 'M09';
}

/** An older version that was replaced is no longer in force: what is said about it changes nothing. */
function partInForce({ snapshot }: Progress, step: Step): DossierPart | undefined {
  const { target } = messageOf(step);
  return snapshot.parts.find((part) => part.status === 'ACCEPTED' && part.messageId === target?.messageId);
}

function theirPart(progress: Progress, step: Step): DossierPart {
  const part = partInForce(progress, step);
  if (!part) throw new Error('the row is chosen for parts in force only');
  return part;
}

function closePart(progress: Progress, part: DossierPart, status: 'REJECTED' | 'WITHDRAWN'): Progress {
  const parts = progress.snapshot.parts.map((known) => (known === part ? { ...known, status } : known));
  return withCase(progress, { parts });
}
