import type { GeneratedLoad, Generator } from '../load/generator.js';

/** A rate holds when nearly all of it is answered, rightly, and nothing piles up. */
const HOLDS_SHARE = 0.98;
const HOLDS_P99_MS = 1_000;
/** One step of the search; six steps are a factor of 1.8 either way. */
const STEP = 1.1;
const MAX_STEPS = 6;

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
  /** Of each step. */
  readonly seconds: number;
  readonly maxInFlight?: number;
}

/**
 * The highest constant arrival rate that holds. Where to begin is what a closed loop reaches with all connections busy
 * (which is also the warm-up); from there up while it holds, or down until it does.
 */
export async function findSaturation(
  generator: Loads,
  { connections, seconds, maxInFlight = 2_000 }: SearchOptions,
): Promise<Saturation> {
  const { perSecond, wrong } = await generator.closed(connections, seconds);
  if (perSecond <= 0) throw new Error(`nothing was answered rightly: ${wrong ?? 'there was no answer'}`);
  const tried: Saturation['tried'][number][] = [];
  const attempt = async (rate: number): Promise<GeneratedLoad> => {
    const load = await generator.open(rate, seconds, maxInFlight);
    tried.push({ offered: rate, achieved: load.achievedPerSecond, p99Ms: load.latency.p99Ms });
    return load;
  };
  let [rate, best]: [number, GeneratedLoad | null] = [perSecond, null];
  while (tried.length < MAX_STEPS) {
    const load = await attempt(rate);
    if (holds(load)) best = load;
    else if (best) break;
    // The direction is that of the first answer: what failed once is not tried again higher.
    if (best && tried.some(({ offered }) => offered > rate)) break;
    rate = best ? rate * STEP : rate / STEP;
  }
  if (!best) throw new Error(`no rate held down to ${Math.round(rate * STEP)}/s; ${wrong ?? 'all answers were right'}`);
  return { perSecond: best.achievedPerSecond, at: best, tried };
}

function holds(load: GeneratedLoad): boolean {
  const wrong = load.failed + load.dropped;
  return (
    load.achievedPerSecond >= HOLDS_SHARE * load.offeredPerSecond &&
    wrong <= (1 - HOLDS_SHARE) * load.ok &&
    load.latency.p99Ms <= HOLDS_P99_MS
  );
}
