import type { GeneratedLoad, Generator } from '../load/generator.js';

/** A rate holds when nearly all of it is answered, rightly, and nothing piles up. */
const RIGHT_SHARE = 0.98;
/** Of the offered rate, in the second half of it: answers come in batches, and a few more or less of them is no pile. */
const KEEPS_UP_SHARE = 0.95;
const HOLDS_P99_MS = 1_000;
/** From one rate to the next, while they all hold or none does. */
const STEP = 1.25;
const MAX_STEPS = 8;
/** Once there is a rate that holds and one that does not: how often the gap between them is halved. */
const HALVINGS = 2;

export interface Saturation {
  /** The highest rate that held, answered requests a second. */
  readonly perSecond: number;
  readonly at: GeneratedLoad;
  /** Every rate that was tried. */
  readonly tried: readonly { readonly offered: number; readonly achieved: number; readonly p99Ms: number }[];
}

type Loads = Pick<Generator, 'open' | 'closed'>;

export interface SearchOptions {
  readonly connections: number;
  /** Requests under way in the closed loop; default: one a connection. */
  readonly inFlight?: number;
  /** Of each step. */
  readonly seconds: number;
  readonly maxInFlight?: number;
}

/**
 * The highest constant arrival rate that holds. A closed loop with all connections busy warms everything up, a second one
 * says where to begin; from there up while it holds, or down until it does, and then into the gap.
 */
export async function findSaturation(
  generator: Loads,
  { connections, inFlight = connections, seconds, maxInFlight = 2_000 }: SearchOptions,
): Promise<Saturation> {
  await generator.closed(inFlight, seconds);
  const { perSecond, wrong } = await generator.closed(inFlight, seconds);
  if (perSecond <= 0) throw new Error(`nothing was answered rightly: ${wrong ?? 'there was no answer'}`);
  const tried: Saturation['tried'][number][] = [];
  let best: GeneratedLoad | null = null;
  let lowestFailed = Infinity;
  for (let halvings = 0; tried.length < MAX_STEPS && halvings <= HALVINGS;) {
    const rate = nextRate(perSecond, best?.offeredPerSecond ?? 0, lowestFailed);
    const load = await generator.open(rate, seconds, maxInFlight);
    tried.push({ offered: rate, achieved: load.achievedPerSecond, p99Ms: load.latency.p99Ms });
    if (holds(load)) best = load;
    else lowestFailed = rate;
    if (best && lowestFailed < Infinity) halvings += 1;
  }
  if (!best)
    throw new Error(`no rate held down to ${Math.round(lowestFailed)}/s; ${wrong ?? 'all answers were right'}`);
  return { perSecond: Math.min(best.achievedPerSecond, best.offeredPerSecond), at: best, tried };
}

function nextRate(start: number, held: number, failed: number): number {
  if (held > 0 && failed < Infinity) return (held + failed) / 2;
  if (held > 0) return held * STEP;
  return failed < Infinity ? failed / STEP : start;
}

function holds(load: GeneratedLoad): boolean {
  const wrong = load.failed + load.dropped;
  return (
    load.achievedPerSecond >= KEEPS_UP_SHARE * load.offeredPerSecond &&
    wrong <= (1 - RIGHT_SHARE) * load.ok &&
    load.latency.p99Ms <= HOLDS_P99_MS
  );
}
