const LOCAL_DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
/** Outside these years a date is a mistake, and one that databases and calendars stumble over. */
const FIRST_YEAR = 1900;
const AFTER_LAST_MS = Date.UTC(10_000, 0, 1);
const DAYS_IN_EVERY_MONTH = 28;

/** `month` from 1. */
const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** A day of the calendar, `YYYY-MM-DD`, from 1900 to 9999. */
export function isLocalDate(text: string): boolean {
  if (!LOCAL_DATE.test(text)) return false;
  const year = Number(text.slice(0, 4));
  if (year < FIRST_YEAR) return false;
  const day = Number(text.slice(8));
  // Every message holds several dates: only the last days of a month need the calendar.
  return day <= DAYS_IN_EVERY_MONTH || day <= daysIn(year, Number(text.slice(5, 7)));
}

/**
 * RFC 3339 as the API Design Rules narrow it (/core/date-time): `T` and `Z` in capitals, any offset but `-00:00`. No leap
 * second: it compares with nothing.
 */
export function isInstant(text: string): boolean {
  const date = INSTANT.exec(text)?.[1];
  if (date === undefined || text.endsWith('-00:00') || !isLocalDate(date)) return false;
  return Date.parse(text) < AFTER_LAST_MS;
}
