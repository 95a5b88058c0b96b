import type { DtvResidentNotification } from '#contracts/generated/messages.js';
import type { OpenStay } from './case-snapshot.js';
import { addNational } from './parties.js';
import {
  currentVNumber,
  emitting,
  refuse,
  withFlags,
  type Condition,
  type Effect,
  type Guard,
  type Progress,
  type Step,
} from './step.js';

/** A stay began in this event and its notification is not made yet. */
export const notificationDue: Condition = (progress) => unnotified(progress).length > 0;

/** INV-1: without DT&V to notify, no stay can begin. Only an incomplete register leads here. */
export const dtvIsRegistered: Guard = (_progress, { ctx }) =>
  ctx.national.DTV === undefined
    ? refuse('INTERNAL', 'DT&V is not registered, and no stay begins without its notification')
    : null;

/** T06: an acknowledgement answers a notification. DT&V may also be a party because it was asked something. */
export const dtvWasNotified: Guard = ({ snapshot }) =>
  snapshot.parties.some((party) => party.kind === 'DTV' && party.basis === 'M05')
    ? null
    : refuse('CASE_STATE_CONFLICT', 'DT&V was not notified of a stay in this case');

/** T05: one M05 for each stay that began, always: no flag, policy or covenant switches it off. */
export const notifyDtv: Effect = (progress, step) => {
  const known = withFlags(addNational(progress, 'DTV', 'M05', step), { dtvNotified: false });
  return unnotified(progress).reduce(
    (done, stay) => emitting(done, step, 'M05', notification(stay, progress, step), stay.dtvNotificationId),
    known,
  );
};

/** T06: the newest notification is confirmed; a later stay brings a new one, unconfirmed again. */
export const confirmNotification: Effect = (progress) => withFlags(progress, { dtvNotified: true });

/**
 * The minimal identity set of M05 (domain 2.8). A V-number that the IND does not know, or knows as another person's,
 * is left out: DT&V is then told names only (AS-11).
 */
function notification(stay: OpenStay, progress: Progress, step: Step): DtvResidentNotification {
  const { id, number, pilot, flags, vNumber: status } = progress.snapshot;
  const { family_name, given_names, birth_date, nationalities } = step.ctx.identity();
  const vNumber = ['VERIFIED', 'UNVERIFIED'].includes(status) ? currentVNumber(progress, step) : undefined;
  return {
    case_id: id,
    case_number: number,
    ...(vNumber === undefined ? {} : { v_number: vNumber }),
    family_name,
    given_names,
    birth_date,
    nationalities: [...nationalities],
    pilot,
    stay_id: stay.stayId,
    stay_kind: stay.kind,
    start_on: stay.startedOn,
    out_of_covenant: flags.outOfCovenant,
    provisional_identity: flags.provisionalIdentity,
  };
}

function unnotified({ staysStarted, emit }: Progress): readonly OpenStay[] {
  return staysStarted.filter((stay) => !emit.some((message) => message.messageId === stay.dtvNotificationId));
}
