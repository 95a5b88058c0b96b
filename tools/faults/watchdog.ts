import { setTimeout as sleep } from 'node:timers/promises';
import type { Victim } from './stand/victim.js';

const LOOK_EVERY_MS = 500;

/** Starts again what ended by itself, as a supervisor does in production, and tells of it. */
export function watchOver(victims: readonly Victim[], onFall: (victim: Victim) => void): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const watch = async (victim: Victim): Promise<void> => {
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || !(await victim.hasFallen())) continue;
      onFall(victim);
      // It may need what is away now: the next look tries again.
      await victim.ensureUp().catch(() => undefined);
    }
  };
  const watching = Promise.all(victims.map(watch));
  return async () => {
    stopping.abort();
    await watching;
  };
}
