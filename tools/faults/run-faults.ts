import { setTimeout as sleep } from 'node:timers/promises';
import type { Prng } from '../../apps/agencies/src/population/prng.js';
import type { Books } from './books/books.js';
import type { Excuse } from './books/count.js';
import { type Fault, seconds } from './fault.js';
import type { Traffic } from './load/traffic.js';
import { type Plan, rounds } from './schedule.js';
import type { Stand } from './stand/stand.js';

/** An adapter asks its inbox for what Kafka did not bring every 30 s; what takes longer is told, and goes on. */
const RECOVERY_LIMIT_MS = 75_000;
const POLL_MS = 100;

/** One fault that was made. */
export interface Made {
  readonly name: string;
  readonly what: string;
  /** From its begin until all was undone. */
  readonly lastedMs: number;
  /** From then until the first message was accepted. Null: not within the limit. */
  readonly acceptedAfterMs: number | null;
  /** And until all that was accepted before was with its recipients. */
  readonly deliveredAfterMs: number | null;
  /** Longest wait for an answer, retries included. */
  readonly slowestAcceptMs: number;
}

export interface FaultRun {
  readonly made: readonly Made[];
  readonly notRun: ReadonlyMap<string, string>;
  readonly excuses: readonly Excuse[];
}

export interface FaultRunParts {
  readonly plan: Plan;
  readonly stand: Stand;
  readonly books: Books;
  readonly traffic: Traffic;
  readonly chance: Prng;
  readonly stop: AbortSignal;
  readonly onMade: (made: Made, number: number) => void;
}

/** Makes one fault after the other, each once all has recovered from the one before; round after round. */
export async function runFaults({
  plan,
  stand,
  books,
  traffic,
  chance,
  stop,
  onMade,
}: FaultRunParts): Promise<FaultRun> {
  const startedMs = Date.now();
  const made: Made[] = [];
  const notRun = new Map<string, string>();
  const excuses: Excuse[] = [];
  for (const fault of plan.faults) {
    const why = fault.missing(stand);
    if (why !== null) notRun.set(fault.name, why);
  }
  const possible = { ...plan, faults: plan.faults.filter(({ name }) => !notRun.has(name)) };
  for (const { fault, round } of rounds(possible, chance)) {
    if (stop.aborted) break;
    if (round > plan.minRounds && Date.now() - startedMs >= plan.untilMs) break;
    made.push(await make(fault, { plan, stand, books, traffic, chance }, excuses));
    onMade(made.at(-1)!, made.length);
  }
  return { made, notRun, excuses };
}

async function make(
  fault: Fault,
  { plan, stand, books, traffic, chance }: Pick<FaultRunParts, 'plan' | 'stand' | 'books' | 'traffic' | 'chance'>,
  excuses: Excuse[],
): Promise<Made> {
  const fromMs = Date.now();
  const touched = new Set<string>();
  const excuse = (names: readonly string[]): void => names.forEach((name) => touched.add(name));
  traffic.takeSlowestMs();
  const what = await fault.happen({ stand, chance, durations: plan.durations(), excuse });
  const healedMs = Date.now();
  for (const recipient of touched) excuses.push({ recipient, fromMs, toMs: healedMs });
  const acceptedBefore = books.acceptedCount;
  const within = async (reached: () => boolean): Promise<number | null> => {
    for (; Date.now() - healedMs < RECOVERY_LIMIT_MS; await sleep(POLL_MS)) if (reached()) return Date.now() - healedMs;
    return null;
  };
  const acceptedAfterMs = await within(() => books.acceptedCount > acceptedBefore);
  const deliveredAfterMs = await within(() => books.oldestOutstandingMs < Date.now() - healedMs);
  return {
    name: fault.name,
    what,
    lastedMs: healedMs - fromMs,
    acceptedAfterMs,
    deliveredAfterMs,
    slowestAcceptMs: traffic.takeSlowestMs(),
  };
}

/** One line about a fault that was made. */
export function progressOf(made: Made, books: Books): string {
  const after = (ms: number | null): string => (ms === null ? `not within ${seconds(RECOVERY_LIMIT_MS)}` : seconds(ms));
  return (
    `${made.name.padEnd(22)} ${made.what}; accepted again after ${after(made.acceptedAfterMs)}, all delivered after ` +
    `${after(made.deliveredAfterMs)}, longest answer ${seconds(made.slowestAcceptMs)}; ` +
    `${books.acceptedCount.toLocaleString('en')} accepted, ${books.outstanding} on their way`
  );
}
