import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '#messaging/backoff.js';

export interface Backoff {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** Exponential, capped, with jitter over the upper half. */
export function backoffDelayMs(attempt: number, { firstDelayMs, maxDelayMs }: Backoff): number {
  return backoffMs(attempt, firstDelayMs, maxDelayMs);
}

/** Sleeps; rejects with the signal's reason when the adapter stops. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await sleep(delayMs, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}

/** Repeats `work` until it succeeds or the signal stops it; for what has no other outcome than "later". */
export async function untilItWorks<T>(
  work: () => Promise<T>,
  options: { readonly backoff: Backoff; readonly signal: AbortSignal; readonly onFailure: (error: unknown) => void },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      options.signal.throwIfAborted();
      options.onFailure(error);
      await pause(backoffDelayMs(attempt, options.backoff), options.signal);
    }
  }
}
