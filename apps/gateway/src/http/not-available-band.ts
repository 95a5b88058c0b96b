import type { ErrorCode } from '../errors.js';

const BAND_MS = 60;

/** Answers that say the same of what does not exist and of what is not for the caller. */
export const NOT_AVAILABLE: readonly ErrorCode[] = [
  'CASE_NOT_AVAILABLE',
  'ENTRY_NOT_AVAILABLE',
  'GRANT_NOT_AVAILABLE',
  'REPORT_NOT_AVAILABLE',
];

/**
 * Every "not available" leaves at a whole number of 60 ms after the request came in, whatever had to be looked up, so
 * that the time does not tell whether the thing exists (G9). In a slow moment both kinds leave at a later edge.
 * @param arrivedAtMs `performance.now()` at the arrival of the request
 */
export async function untilBandEnds(arrivedAtMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, untilNextEdgeMs(performance.now() - arrivedAtMs)));
}

/** From now to the next edge, for a request that came in so long ago; never zero. */
export function untilNextEdgeMs(sinceArrivalMs: number): number {
  return BAND_MS - (sinceArrivalMs % BAND_MS);
}
