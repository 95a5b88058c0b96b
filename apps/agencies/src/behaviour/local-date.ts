const AMSTERDAM = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam', dateStyle: 'short' });
const DAY_MS = 86_400_000;

/** Local calendar date in Europe/Amsterdam of an RFC 3339 instant. */
export function localDate(instant: string): string {
  return AMSTERDAM.format(new Date(instant));
}

/** A date so many calendar days later; counted in UTC, where every day has 24 hours. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
