import { setTimeout as sleep } from 'node:timers/promises';
import type { Books } from './books/books.js';
import { type AdapterStatus, readStatus } from './check/adapters-status.js';
import { readLogTrouble } from './check/stored.js';
import type { Stand } from './stand/stand.js';

/** Nothing new for so long: what has not arrived by then does not arrive. Adapters look into their inbox twice in it. */
const STANDSTILL_MS = 90_000;
const DRAIN_LIMIT_MS = 15 * 60_000;
/** An overdue proof is asked for again after some minutes at the latest. */
const QUIET_LIMIT_MS = 10 * 60_000;
const POLL_MS = 500;

/** Waits until all that was accepted has arrived, or nothing arrives any more. */
export async function drained(books: Books, stop: AbortSignal): Promise<void> {
  const endMs = Date.now() + DRAIN_LIMIT_MS;
  let [arrivals, changedMs] = [books.arrivals.length, Date.now()];
  while (books.outstanding > 0 && !stop.aborted && Date.now() < endMs) {
    await sleep(POLL_MS);
    if (books.arrivals.length !== arrivals) [arrivals, changedMs] = [books.arrivals.length, Date.now()];
    if (Date.now() - changedMs > STANDSTILL_MS) return;
  }
}

export interface Quiet {
  readonly statuses: readonly AdapterStatus[];
  readonly logAlarms: readonly string[];
  /** What was still waited for when the limit was over. */
  readonly unfinished: readonly string[];
}

/** Waits until every acknowledgement is recorded, every record in the log, and every proof with whoever demanded it. */
export async function quiet({ adapters, database }: Stand, stop: AbortSignal): Promise<Quiet> {
  for (const endMs = Date.now() + QUIET_LIMIT_MS; ; await sleep(POLL_MS)) {
    const statuses = await Promise.all(
      adapters.locals.map((local) => readStatus(local).catch(() => silent(local.name))),
    );
    const { pending, alarms } = await readLogTrouble(database.urls.owner);
    const unfinished = [
      ...statuses.flatMap(waitsFor),
      ...(pending > 0 ? [`${pending} records wait for their place in the log`] : []),
    ];
    if (unfinished.length === 0 || stop.aborted || Date.now() > endMs)
      return { statuses, logAlarms: [...alarms, ...statuses.flatMap((one) => one.alarms)], unfinished };
  }
}

function waitsFor({ name, unrecordedAcknowledgements, proofsWaiting, parkedCases, alarms }: AdapterStatus): string[] {
  const waiting: readonly (readonly [number, string])[] = [
    [unrecordedAcknowledgements, 'acknowledgements'],
    [proofsWaiting, 'proofs'],
    [parkedCases, 'parked cases'],
    [alarms.length, 'alarms'],
  ];
  return waiting.flatMap(([number, what]) => (number > 0 ? [`${name}: ${number} ${what}`] : []));
}

const silent = (name: string): AdapterStatus => ({
  name,
  parkedCases: 0,
  unrecordedAcknowledgements: 0,
  proofsWaiting: 0,
  alarms: [`the adapter of ${name} does not answer`],
});
