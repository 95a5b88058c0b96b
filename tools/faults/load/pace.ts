import { setTimeout as sleep } from 'node:timers/promises';

/** Lets so many through a second, evenly; what was not used is not saved up. */
export class Pace {
  private nextAtMs = 0;
  /** Stretches the time between two; 1 is the wished rate. */
  constructor(private readonly perSecond: number) {}

  async turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.nextAtMs);
    this.nextAtMs = at + 1_000 / this.perSecond;
    if (at > now) await sleep(at - now);
  }
}
