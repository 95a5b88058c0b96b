import { setTimeout as sleep } from 'node:timers/promises';
import { Latencies, type LatencySummary } from './latencies.js';

export interface OpenLoopOptions {
  /** Arrivals a second, evenly spaced, whatever the answers do. */
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Requests that may be under way; an arrival beyond it is dropped and counted. Default 2,000. */
  readonly maxInFlight?: number;
  /** Sends the n-th request; true when it was answered as it should be. `intendedMs`: on `performance.now()`. */
  readonly fire: (n: number, intendedMs: number) => Promise<boolean>;
}

export interface LoadResult {
  readonly offeredPerSecond: number;
  /**
   * Right answers a second during the second half of the sending: how long a way takes does not count, nor one answer
   * that comes late, but what piles up does.
   */
  readonly achievedPerSecond: number;
  readonly ok: number;
  /** Answered otherwise, or not at all. */
  readonly failed: number;
  /** Not sent, since too many were under way. */
  readonly dropped: number;
  /** Of the right answers. From the moment at which the request should have left, so that a stall is not overlooked. */
  readonly latency: LatencySummary;
}

const DEFAULT_MAX_IN_FLIGHT = 2_000;
const TICK_MS = 1;
/** How long the last answers are waited for. */
const DRAIN_LIMIT_MS = 30_000;
const DRAIN_POLL_MS = 5;

/**
 * Load at a constant arrival rate. Closed loops send less when the server is slow and so measure its best moments; here
 * each request has a time at which it is due, and its latency counts from there (no coordinated omission).
 */
export async function openLoop(options: OpenLoopOptions): Promise<LoadResult> {
  const { ratePerSecond, seconds, fire, maxInFlight = DEFAULT_MAX_IN_FLIGHT } = options;
  const total = Math.max(1, Math.round(ratePerSecond * seconds));
  const counts = { inFlight: 0, ok: 0, inSecondHalf: 0, failed: 0, dropped: 0 };
  const latencies = new Latencies();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  const halfMs = (startMs + endMs) / 2;
  const launch = (n: number): void => {
    const intendedMs = startMs + (n * 1_000) / ratePerSecond;
    if (counts.inFlight >= maxInFlight) {
      counts.dropped += 1;
      return;
    }
    counts.inFlight += 1;
    const settled = (right: boolean): void => {
      counts.inFlight -= 1;
      const nowMs = performance.now();
      if (right) latencies.add(nowMs - intendedMs);
      if (right && nowMs > halfMs && nowMs <= endMs) counts.inSecondHalf += 1;
      counts[right ? 'ok' : 'failed'] += 1;
    };
    fire(n, intendedMs).then(settled, () => settled(false));
  };
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) * ratePerSecond) / 1_000) + 1);
    for (; sent < due; sent += 1) launch(sent);
    await sleep(TICK_MS);
  }
  const drainedByMs = performance.now() + DRAIN_LIMIT_MS;
  while (counts.inFlight > 0 && performance.now() < drainedByMs) await sleep(DRAIN_POLL_MS);
  return {
    offeredPerSecond: ratePerSecond,
    achievedPerSecond: (2 * counts.inSecondHalf) / seconds,
    ok: counts.ok,
    failed: counts.failed + counts.inFlight,
    dropped: counts.dropped,
    latency: latencies.summary(),
  };
}

/** As many as the answers allow with so many requests always under way: where a search for saturation begins. */
export async function closedLoop(
  inFlight: number,
  seconds: number,
  fire: OpenLoopOptions['fire'],
): Promise<{ readonly perSecond: number; readonly failed: number }> {
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  let [next, ok, failed] = [0, 0, 0];
  const worker = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const right = await fire(next++, performance.now()).catch(() => false);
      if (right) ok += 1;
      else failed += 1;
    }
  };
  const workers = Promise.all(Array.from({ length: inFlight }, worker));
  // An answer that never comes does not hold up the rest.
  await Promise.race([workers, sleep(seconds * 1_000 + DRAIN_LIMIT_MS, undefined, { ref: false })]);
  return { perSecond: (ok * 1_000) / (performance.now() - startMs), failed };
}
