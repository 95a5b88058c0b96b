import { addDays, addMonths, workingDayFrom } from '../../cases/calendar.js';
import type { LocalDate } from '../../cases/case-snapshot.js';

/** Which law a part of a report follows: the GDPR, or the Dutch Police Data Act (Wpg). */
export const REGIMES = ['AVG', 'WPG'] as const;
export type Regime = (typeof REGIMES)[number];

/** Why a controller may take longer, by its law. */
export const EXTENSION_GROUNDS = {
  /** AVG art. 12(3): complexity, or the number of requests of this person. */
  COMPLEX: 'AVG',
  MANY_REQUESTS: 'AVG',
  /** Wpg art. 25: postponed, or data with several police units. */
  POSTPONED: 'WPG',
  SEVERAL_UNITS: 'WPG',
} as const satisfies Readonly<Record<string, Regime>>;
export type ExtensionGround = keyof typeof EXTENSION_GROUNDS;

const DAYS_A_WEEK = 7;
const AVG_MONTHS = 1;
const AVG_EXTENSION_MONTHS = 2;
const WPG_WEEKS = 6;
const WPG_EXTENSION_WEEKS: Readonly<Record<'POSTPONED' | 'SEVERAL_UNITS', number>> = { POSTPONED: 4, SEVERAL_UNITS: 6 };

/**
 * Last day on which a controller answers: one month after receipt (AVG art. 12(3)), six weeks (Wpg art. 25). A term that
 * would end on a Saturday, a Sunday or a public holiday ends on the next working day (Reg. 1182/71 art. 3(4); Algemene
 * termijnenwet art. 1).
 */
export function dueOn(regime: Regime, receivedOn: LocalDate): LocalDate {
  return workingDayFrom(regime === 'AVG' ? addMonths(receivedOn, AVG_MONTHS) : afterWeeks(receivedOn, WPG_WEEKS));
}

/** The last day after an extension: two months more (AVG), four or six weeks more (Wpg), counted from receipt as well. */
export function extendedTo(ground: ExtensionGround, receivedOn: LocalDate): LocalDate {
  if (ground === 'POSTPONED' || ground === 'SEVERAL_UNITS') {
    return workingDayFrom(afterWeeks(receivedOn, WPG_WEEKS + WPG_EXTENSION_WEEKS[ground]));
  }
  return workingDayFrom(addMonths(receivedOn, AVG_MONTHS + AVG_EXTENSION_MONTHS));
}

function afterWeeks(date: LocalDate, weeks: number): LocalDate {
  return addDays(date, weeks * DAYS_A_WEEK);
}
