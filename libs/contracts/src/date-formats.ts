const LOCAL_DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
/** Outside these years a date is a mistake, and one that databases and calendars stumble over. */
const FIRST_YEAR = 1900;
const AFTER_LAST_MS = Date.UTC(10_000, 0, 1);

/** A day of the calendar, `YYYY-MM-DD`, from 1900 to 9999. */
export function isLocalDate(text: string): boolean {
  const [, year, month, day] = (LOCAL_DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || year < FIRST_YEAR) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
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
