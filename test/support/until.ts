import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Waits until the condition gives something that is true; throws with `what` after `limitMs`. */
export async function until<Result>(
  what: string,
  limitMs: number,
  condition: () => Promise<Result> | Result,
): Promise<NonNullable<Result>> {
  for (const end = Date.now() + limitMs; ; await sleep(POLL_MS)) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > end) throw new Error(`after ${limitMs / 1000} s still not: ${what}`);
  }
}
