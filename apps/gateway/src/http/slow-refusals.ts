import { setTimeout as sleep } from 'node:timers/promises';

/** No refusal says that its caller may come back sooner. */
const HOLD_MS = 1_000;
/** Between two refusals of one caller: some percent of this thread at most. */
const BETWEEN_MS = 5;
/** Each that is held costs its request and a timer, some kilobytes: of one caller there are a thousand or so. */
const MAX_HOLD_MS = 6_000;

/**
 * Withholds the refusals of callers who ask too much. Whoever is refused at once and does not care asks again at once:
 * the refusals alone then take this thread from all others, and no queue puts them in turn. A caller who waits as it is
 * asked to loses a second; one who does not is made to wait. They leave one by one: held for the same time, they would
 * all come back in the same moment.
 */
export class SlowRefusals {
  /** `performance.now()` at which the last refusal of a caller leaves. Registered peers and officers only. */
  private readonly lastMs = new Map<string, number>();

  /** Resolves when the refusal may leave; at once, and false, when so many of this caller are held already. */
  async hold(caller: string): Promise<boolean> {
    const nowMs = performance.now();
    const leavesMs = Math.max(nowMs + HOLD_MS, (this.lastMs.get(caller) ?? 0) + BETWEEN_MS);
    if (leavesMs - nowMs > MAX_HOLD_MS) return false;
    this.lastMs.set(caller, leavesMs);
    await sleep(leavesMs - nowMs, undefined, { ref: false });
    return true;
  }
}
