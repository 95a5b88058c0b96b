/** The case clock: timers and case dates. Real time in production; demo and tests may shift it, never the system clock. */
export interface CaseClock {
  now(): Date;
}

export class ShiftableClock implements CaseClock {
  private offsetMs = 0;

  constructor(startAt: string | null) {
    if (startAt !== null) this.shiftTo(startAt);
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** From now on this clock reads `instant` (RFC 3339) and runs on from there. */
  shiftTo(instant: string): void {
    this.offsetMs = Date.parse(instant) - Date.now();
  }
}
