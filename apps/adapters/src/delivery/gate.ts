import { backoffDelayMs, pause, type Backoff } from './backoff.js';

/**
 * Shared brake for one counterpart (the gateway, the agency's system): when it is down, all messages wait together
 * instead of each knocking on its own, and no content is fetched that could not be handed over.
 */
export class Gate {
  private refusals = 0;
  private closedUntil = 0;

  constructor(private readonly backoff: Backoff) {}

  get isOpen(): boolean {
    return this.refusals === 0;
  }

  async pass(signal: AbortSignal): Promise<void> {
    for (let wait = this.closedUntil - Date.now(); wait > 0; wait = this.closedUntil - Date.now()) {
      await pause(wait, signal);
    }
  }

  /** Parallel refusals of one outage count once: those that arrive while the gate is closed change nothing. */
  refused(): void {
    if (Date.now() < this.closedUntil) return;
    this.refusals++;
    this.closedUntil = Date.now() + backoffDelayMs(this.refusals, this.backoff);
  }

  answered(): void {
    this.refusals = 0;
    this.closedUntil = 0;
  }
}
