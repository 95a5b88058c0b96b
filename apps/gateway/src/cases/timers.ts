import { addDays, addHours, addWorkingDays, localDateOf, startOfLocalDay } from './calendar.js';
import type { CaseTimer, Instant, TimerKind } from './case-snapshot.js';
import { withCase, type Effect, type Progress } from './step.js';

/** Lengths of domain 2.5. Only TMR-REST and TMR-LSO are terms of the process; the others are alarms. */
const CHECK_WORKING_DAYS = 5;
const DOSSIER_WORKING_DAYS = 10;
const LSO_DAYS = 28;
const DTV_ALARM_HOURS = 24;
const FETCH_ALARM_HOURS = 24;

/**
 * When a timer that starts at this instant is due. Terms in days end at 24:00 local time of their last day, so they are
 * due at the next 00:00; the two alarms run in elapsed hours. TMR-REST is set from its rest period, see `startTimerAt`.
 */
export function dueAt(kind: Exclude<TimerKind, 'TMR-REST' | 'TMR-SAFE'>, startedAt: Instant): Instant {
  switch (kind) {
    case 'TMR-CHECK':
      return endOfDay(addWorkingDays(localDateOf(startedAt), CHECK_WORKING_DAYS));
    case 'TMR-DOS-IND':
    case 'TMR-DOS-DTV':
      return endOfDay(addWorkingDays(localDateOf(startedAt), DOSSIER_WORKING_DAYS));
    case 'TMR-LSO':
      return endOfDay(addDays(localDateOf(startedAt), LSO_DAYS));
    case 'TMR-DTV':
      return addHours(startedAt, DTV_ALARM_HOURS);
    case 'TMR-FETCH':
      return addHours(startedAt, FETCH_ALARM_HOURS);
  }
}

/** 24:00 local time of a date, as an instant. */
export function endOfDay(date: string): Instant {
  return startOfLocalDay(addDays(date, 1));
}

/** Starts a timer at the case clock; a running one of the same kind begins again. */
export function startTimer(...kinds: readonly Exclude<TimerKind, 'TMR-REST' | 'TMR-SAFE'>[]): Effect {
  return (progress, { ctx }) =>
    kinds.reduce(
      (done, kind) => startTimerAt(done, { kind, startedAt: ctx.now, dueAt: dueAt(kind, ctx.now) }),
      progress,
    );
}

export function startTimerAt(progress: Progress, timer: CaseTimer): Progress {
  return withCase(progress, { timers: [...without(progress, [timer.kind]), timer] });
}

export function stopTimer(...kinds: readonly TimerKind[]): Effect {
  return (progress) => withCase(progress, { timers: without(progress, kinds) });
}

function without(progress: Progress, kinds: readonly TimerKind[]): readonly CaseTimer[] {
  return progress.snapshot.timers.filter((timer) => !kinds.includes(timer.kind));
}
