import type { DossierDelivered, RestPeriodEvent } from '#contracts/generated/messages.js';
import { addDays, workingDayFrom } from './calendar.js';
import type { CaseSnapshot, DossierPart, RestPeriod } from './case-snapshot.js';
import { acceptedPart, MANDATORY } from './dossier.js';
import { emitting, messageOf, withCase, type Effect, type Progress, type Step } from './step.js';
import { endOfDay, startTimer, startTimerAt, stopTimer } from './timers.js';

/** "Rusttermijn van 14 dagen": the day of delivery does not count, the fourteenth day ends at 24:00 (domain 2.5). */
export const REST_PERIOD_DAYS = 14;

/**
 * T09: both mandatory parts are accepted, so the dossier counts as delivered and the rest period runs. A new delivery
 * after one that was voided gives a new period of the full length (AS-23).
 */
export const deliverDossier: Effect = (progress, step) => {
  const { dossier, restPeriods } = progress.snapshot;
  if (!dossier) throw new Error('a part came in before a dossier was requested');
  const { now, today } = step.ctx;
  const rest: RestPeriod = { id: step.ctx.newId('other'), startsOn: today, endsOn: lastDay(step), status: 'RUNNING' };
  const done = withCase(progress, {
    dossier: { ...dossier, deliveredAt: now },
    restPeriods: [...restPeriods, rest],
  });
  const timed = startTimerAt(done, { kind: 'TMR-REST', startedAt: now, dueAt: endOfDay(rest.endsOn) });
  const told = emitDelivered(startTimer('TMR-FETCH')(timed, step), step);
  return emitRestPeriod(told, step, 'STARTED', rest);
};

/** T16. */
export const elapseRestPeriod: Effect = (progress, step) => {
  const stopped = startTimer('TMR-LSO')(stopTimer('TMR-REST')(progress, step), step);
  return closeRestPeriod(stopped, step, 'ELAPSED');
};

/**
 * T11b, T12: the period is void and so is the delivery; nothing is shortened or resumed. One that had already elapsed is
 * void as well as long as no scenario rests on it. Without a period there is nothing to void.
 */
export const voidRestPeriod: Effect = (progress, step) => {
  const { dossier } = progress.snapshot;
  const undelivered = dossier ? { id: dossier.id, requestedAt: dossier.requestedAt } : null;
  const stopped = stopTimer('TMR-REST', 'TMR-FETCH', 'TMR-LSO')(withCase(progress, { dossier: undelivered }), step);
  return closeRestPeriod(stopped, step, 'VOIDED');
};

/** INV-2, as a fact about a case. */
export function bothPartsAccepted(snapshot: CaseSnapshot): boolean {
  return MANDATORY.every((supplier) => acceptedPart(snapshot, supplier) !== undefined);
}

type Told = 'STARTED' | 'ELAPSED' | 'VOIDED';

function lastDay({ ctx }: Step): string {
  const last = addDays(ctx.today, REST_PERIOD_DAYS);
  return ctx.pilot.policy.extend_weekend === true ? workingDayFrom(last) : last;
}

function closeRestPeriod(progress: Progress, step: Step, status: 'ELAPSED' | 'VOIDED'): Progress {
  const newest = progress.snapshot.restPeriods.at(-1);
  if (!newest || newest.status === 'VOIDED') return progress;
  const closed = { ...newest, status };
  const restPeriods = [...progress.snapshot.restPeriods.slice(0, -1), closed];
  return emitRestPeriod(withCase(progress, { restPeriods }), step, status, closed);
}

/** M12: what was delivered, in versions and dates; the content stays in the parts. */
function emitDelivered(progress: Progress, step: Step): Progress {
  const { dossier, parts } = progress.snapshot;
  const data: DossierDelivered = {
    dossier_id: dossier?.id ?? '',
    delivered_on: step.ctx.today,
    parts: parts.filter((part) => part.status === 'ACCEPTED').map(delivered),
  };
  return emitting(progress, step, 'M12', data);
}

function delivered({ supplier, partVersion, asOf, acceptedAt }: DossierPart): DossierDelivered['parts'][number] {
  return { supplier, version: partVersion, as_of: asOf ?? acceptedAt };
}

/** M13. */
function emitRestPeriod(progress: Progress, step: Step, event: Told, rest: RestPeriod): Progress {
  const data: RestPeriodEvent = { event, starts_on: rest.startsOn, ends_on: rest.endsOn };
  const why = event === 'VOIDED' ? { reason: voidedBecause(step) } : {};
  return emitting(progress, step, 'M13', { ...data, ...why });
}

/** Only a withdrawal (M29) or the rejection of a wrong person (M40) voids a period. */
function voidedBecause(step: Step): NonNullable<RestPeriodEvent['reason']> {
  return messageOf(step).contract === 'M29' ? 'PART_WITHDRAWN' : 'WRONG_PERSON';
}
