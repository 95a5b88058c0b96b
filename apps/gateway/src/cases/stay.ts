import type { AdmissionDecision, StayEvent } from '#contracts/generated/messages.js';
import type { OpenStay } from './case-snapshot.js';
import { payloadOf } from './payload.js';
import {
  messageOf,
  refuse,
  withCase,
  type Condition,
  type Effect,
  type Guard,
  type Progress,
  type Step,
} from './step.js';

export const stayStarted: Condition = (_progress, step) => payloadOf<StayEvent>(step).event === 'STARTED';
export const stayKindChanged: Condition = (_progress, step) => payloadOf<StayEvent>(step).event === 'KIND_CHANGED';
export const stayEnded: Condition = (_progress, step) => payloadOf<StayEvent>(step).event === 'ENDED';

/** M04 embeds a stay when the bed is ready; admitted and waiting is not a stay (domain 2.8, M41). */
export const stayEmbedded: Condition = (_progress, step) => payloadOf<AdmissionDecision>(step).stay !== undefined;

/** INV-6: one open stay of kind SHELTER per person in the country; guidance alone is never held back. */
export const shelterIsFree: Guard = ({ snapshot }, step) => {
  const stay = stayIn(step);
  if (stay.kind !== 'SHELTER') return null;
  const here = snapshot.stays.some((open) => open.kind === 'SHELTER' && open.stayId !== stay.stay_id);
  const elsewhere = step.ctx.otherCases.some((other) => other.openShelter && other.caseId !== snapshot.id);
  return here || elsewhere ? refuse('SHELTER_ALREADY_OPEN', 'the person has an open stay with shelter') : null;
};

/** An id names one stay for ever: neither an open nor an ended one begins again. */
export const stayIsNew: Guard = ({ snapshot }, step) => {
  const id = stayIn(step).stay_id;
  const used = snapshot.stays.some((open) => open.stayId === id) || (snapshot.endedStayIds ?? []).includes(id);
  return used ? refuse('CASE_STATE_CONFLICT', 'this stay began before') : null;
};

export const stayIsOpen: Guard = ({ snapshot }, step) => {
  const data = payloadOf<StayEvent>(step);
  return snapshot.stays.some((open) => open.stayId === data.stay_id)
    ? null
    : refuse('STAY_NOT_OPEN', 'no open stay of this case has this id');
};

/** A stay does not end before its first day. */
export const endsAfterItsStart: Guard = ({ snapshot }, step) => {
  const data = payloadOf<StayEvent>(step);
  const open = snapshot.stays.find((stay) => stay.stayId === data.stay_id);
  return open && data.on < open.startedOn ? refuse('CASE_STATE_CONFLICT', 'the stay would end before it began') : null;
};

/** T49: the stay with the id of the notification that T05 makes in the same outcome (INV-1). */
export const startStay: Effect = (progress, step) => {
  const data = stayIn(step);
  const stay: OpenStay = {
    stayId: data.stay_id,
    kind: data.kind,
    startedOn: data.on,
    dtvNotificationId: step.ctx.newId('message'),
  };
  const started = withCase(progress, { stays: [...progress.snapshot.stays, stay] });
  return { ...started, staysStarted: [...started.staysStarted, stay] };
};

/** M41 KIND_CHANGED: the same stay and the same notification; M41 itself tells DT&V of the change. */
export const changeStayKind: Effect = (progress, step) => {
  const data = payloadOf<StayEvent>(step);
  const changed = openStay(progress, data, (stay) => ({ ...stay, kind: data.kind }));
  const stays = progress.snapshot.stays.map((stay) => (stay.stayId === changed.stayId ? changed : stay));
  return { ...withCase(progress, { stays }), staysChanged: [changed] };
};

/** T50. */
export const endStay: Effect = (progress, step) => {
  const data = payloadOf<StayEvent>(step);
  const ended = openStay(progress, data, (stay) => stay);
  const next = withCase(progress, {
    stays: progress.snapshot.stays.filter((stay) => stay !== ended),
    endedStayIds: [...(progress.snapshot.endedStayIds ?? []), ended.stayId],
  });
  return { ...next, staysEnded: [{ stayId: ended.stayId, endedOn: data.on }] };
};

/** What M41 and the stay that M04 may embed have in common. */
type StayFacts = NonNullable<AdmissionDecision['stay']>;

function stayIn(step: Step): StayFacts {
  if (messageOf(step).contract === 'M41') return payloadOf<StayEvent>(step);
  const { stay } = payloadOf<AdmissionDecision>(step);
  if (!stay) throw new Error('no stay is embedded');
  return stay;
}

function openStay(progress: Progress, data: StayFacts, change: (stay: OpenStay) => OpenStay): OpenStay {
  const open = progress.snapshot.stays.find((stay) => stay.stayId === data.stay_id);
  if (!open) throw new Error('the guard lets only open stays pass');
  return change(open);
}
