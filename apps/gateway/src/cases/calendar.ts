import { DateTime } from 'luxon';
import type { Instant, LocalDate } from './case-snapshot.js';

/** Deadlines count calendar days here, whatever the clock changes do (domain 2.2, 2.5). */
const ZONE = 'Europe/Amsterdam';
const DAY_MS = 86_400_000;

/** Fixed public holidays as `MM-DD`: New Year, 5 May, Christmas (Algemene termijnenwet art. 3). */
const FIXED_HOLIDAYS = new Set(['01-01', '05-05', '12-25', '12-26']);
/** Days after Easter Sunday: Good Friday, Easter, Easter Monday, Ascension, Whitsun, Whit Monday (same article). */
const EASTER_OFFSETS_DAYS = [-2, 0, 1, 39, 49, 50];

const HOUR_MS = 3_600_000;
/** Remembered answers of each kind; a day of traffic asks for a few dozen. */
const MAX_REMEMBERED = 1_000;

/**
 * The local date in Europe/Amsterdam of an RFC 3339 instant. Asked several times a message, so it is remembered for each
 * hour: since 1970 the zone is whole hours from UTC, and no midnight falls inside one.
 */
export function localDateOf(instant: Instant): LocalDate {
  const ms = Date.parse(instant);
  if (!(ms >= 0)) return dateInZone(instant);
  return dateOfHour(Math.floor(ms / HOUR_MS));
}

/** The same of a moment. */
export function localDateAt(moment: Date): LocalDate {
  return dateOfHour(Math.floor(moment.getTime() / HOUR_MS));
}

const dateOfHour = remembered((hour: number) => dateInZone(new Date(hour * HOUR_MS).toISOString()));

function dateInZone(instant: Instant): LocalDate {
  return DateTime.fromISO(instant, { zone: ZONE }).toFormat('yyyy-MM-dd');
}

/** Answers of a pure function by its one argument; forgets all of them when there are many. */
function remembered<Key, Value>(of: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const value = of(key);
    known.set(key, value);
    return value;
  };
}

/** The instant (UTC) of 00:00 local time on a date: 23:00 the day before in winter, 22:00 in summer. */
export const startOfLocalDay = remembered((date: LocalDate): Instant =>
  new Date(DateTime.fromISO(date, { zone: ZONE }).toMillis()).toISOString(),
);

/** A date so many calendar days later; negative counts back. Pure date arithmetic: no clock change can touch it. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of the month so many months later, or the last day of a month that is shorter (Reg. 1182/71, art. 3). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ months }).toFormat('yyyy-MM-dd');
}

/** An instant so many hours later: elapsed time, not wall-clock time. */
export function addHours(instant: Instant, hours: number): Instant {
  return new Date(Date.parse(instant) + hours * 3_600_000).toISOString();
}

/** Monday to Friday and no Dutch public holiday. */
export function isWorkingDay(date: LocalDate): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !isPublicHoliday(date);
}

/** The n-th working day after a date; the date itself does not count. */
export function addWorkingDays(date: LocalDate, workingDays: number): LocalDate {
  let day = date;
  for (let left = workingDays; left > 0;) {
    day = addDays(day, 1);
    if (isWorkingDay(day)) left -= 1;
  }
  return day;
}

/** The date itself when it is a working day, else the first one after it. */
export function workingDayFrom(date: LocalDate): LocalDate {
  return isWorkingDay(date) ? date : addWorkingDays(date, 1);
}

/** The days that the Algemene termijnenwet (art. 3) names; the King's birthday moves to Saturday when it is a Sunday. */
export const isPublicHoliday = remembered((date: LocalDate): boolean => {
  const year = Number(date.slice(0, 4));
  if (FIXED_HOLIDAYS.has(date.slice(5)) || date === kingsDay(year)) return true;
  const easter = easterSunday(year);
  return EASTER_OFFSETS_DAYS.some((offset) => addDays(easter, offset) === date);
});

function kingsDay(year: number): LocalDate {
  const birthday = `${year}-04-27`;
  return new Date(`${birthday}T00:00:00Z`).getUTCDay() === 0 ? `${year}-04-26` : birthday;
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). The letters are those of the published method. */
export function easterSunday(year: number): LocalDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const l = (32 + 2 * e + 2 * i - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return [year, pad2(Math.floor(n / 31)), pad2((n % 31) + 1)].join('-');
}

function pad2(value: number): string {
  return String(value).padStart(2, '0');
}
