import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prng } from '../../apps/agencies/src/population/prng.js';
import type { Timeline } from '../demo/timeline.js';
import { tlsOf } from '../load/agency-client.js';
import { AgencySystems } from './books/agency-systems.js';
import { Books } from './books/books.js';
import { count } from './books/count.js';
import { FAULTS } from './catalogue.js';
import { alarmsRaised } from './check/adapters-status.js';
import { readStored } from './check/stored.js';
import { verifyLog } from './check/verify-log.js';
import { Sender } from './load/sender.js';
import { Traffic } from './load/traffic.js';
import type { Options } from './options.js';
import type { Outcome } from './report.js';
import { type FaultRun, progressOf, runFaults } from './run-faults.js';
import { planOf } from './schedule.js';
import { drained, quiet } from './settle.js';
import { MUNICIPALITIES, PEERS, type Stand, startStand } from './stand/stand.js';
import { watchOver } from './watchdog.js';

const GIB = 1024 ** 3;
/** What one message costs the database, with its records, their leaves and the write-ahead log beside them. */
const BYTES_A_MESSAGE = 40_000;
/** A pace that leaves room to recover on two cores; more only where more messages are asked for than it would bring. */
const RATE_PER_SECOND = 60;
const QUICK_RATE_PER_SECOND = 30;
/** Of the time, that in which messages are accepted at all. */
const ACCEPTING_SHARE = 0.5;
const RESIDENTS_AT_ONCE = 24;
/** Before the first fault everyone is connected and has got something. */
const WARM_UP_ARRIVALS = 100;
const WARM_UP_LIMIT_MS = 60_000;
const LEFT_TO_SEND_LIMIT_MS = 30 * 60_000;
/** Senders stop asking so long after the last fault. */
const LAST_ANSWERS_MS = 120_000;

export interface SessionParts {
  readonly options: Options;
  readonly root: string;
  readonly folder: string;
  readonly chance: Prng;
  readonly stop: AbortSignal;
  /** To be run backwards at the end. */
  readonly undo: (() => Promise<void>)[];
  readonly timeline: Timeline;
}

/** One run: set up, send and break, heal, wait until all has arrived, count. */
export async function session({ options, root, folder, chance, stop, undo, timeline }: SessionParts): Promise<Outcome> {
  const note = (text: string): void => timeline.note(text);
  const books = new Books(join(folder, 'books'));
  const heard: { traffic: Traffic | null } = { traffic: null };
  const systems = await AgencySystems.listen((arrival) => {
    books.arrive(arrival);
    heard.traffic?.arrived(arrival);
  });
  undo.push(() => systems.close());
  const ratePerSecond = rateOf(options);
  const stand = await startStand({
    root,
    folder,
    diskBytes: Math.ceil(2 * GIB + ratePerSecond * options.minutes * 60 * BYTES_A_MESSAGE),
    systemUrl: (name) => systems.urlOf(name),
    note,
    onStarted: (step) => undo.push(step),
  });
  const notes: string[] = [];
  const unwatch = watchOver(stand.victims, (victim) => {
    notes.push(`${victim.name} ended by itself (${victim.ending}); it was started again`);
    note(notes.at(-1) ?? '');
  });
  undo.push(unwatch);

  const over = new AbortController();
  const senders = sendersOf(stand, over.signal);
  const traffic = new Traffic({
    books,
    senders,
    municipalities: MUNICIPALITIES,
    ratePerSecond,
    residentsAtOnce: RESIDENTS_AT_ONCE,
  });
  heard.traffic = traffic;
  note(`sending ${ratePerSecond} messages a second`);
  for (const endMs = Date.now() + WARM_UP_LIMIT_MS; Date.now() < endMs && books.arrivals.length < WARM_UP_ARRIVALS;)
    await sleep(100);
  const plan = planOf(options, FAULTS, chance);
  const onMade = (made: FaultRun['made'][number], number: number): void =>
    note(`${number}. ${progressOf(made, books)}`);
  const run = await runFaults({ plan, stand, books, traffic, chance, stop, onMade });

  await untilEnough(books, options.messages, stop, note);
  note('all is healed; what was begun is sent to its end');
  const giveUp = setTimeout(() => over.abort(), LAST_ANSWERS_MS);
  await traffic.end();
  clearTimeout(giveUp);
  note(`${books.acceptedCount.toLocaleString('en')} accepted; waiting until all has arrived`);
  await drained(books, stop);
  const { logAlarms, unfinished } = await quiet(stand, stop);
  over.abort();
  await Promise.all([...senders.values()].map((sender) => sender.close()));
  await unwatch();
  const raised = await alarmsRaised(stand.logs);
  if (raised.length > logAlarms.length) notes.push(`alarms that were withdrawn: ${tallied(raised)}`);
  note('counting, exporting and verifying');
  const verdict = await judge({ root, folder, stand, books, run });
  return {
    seed: options.seed,
    accepted: books.acceptedCount,
    arrived: books.arrivals.length,
    made: run.made,
    notRun: run.notRun,
    ...verdict,
    // Two histories are no matter of being late: such an alarm counts also when it was withdrawn.
    witnesses: [...logAlarms, ...raised.filter((kind) => kind !== 'PROOF_MISSING')],
    unexpected: books.unexpected,
    unfinished,
    notes,
  };
}

async function judge({ root, folder, stand, books, run }: Judged): Promise<Pick<Outcome, 'counts' | 'verifier'>> {
  const stored = await readStored(stand.database.urls.owner, books.claimed);
  const counts = count({ ...pick(books), excuses: run.excuses }, stored);
  const digests = [...new Set(books.claimed.map(({ digest }) => digest))];
  const { urls } = stand.database;
  const verifier = await verifyLog({ root, folder, readerUrl: urls.reader, key: stand.logKey, digests });
  return { counts, verifier };
}

interface Judged {
  readonly root: string;
  readonly folder: string;
  readonly stand: Stand;
  readonly books: Books;
  readonly run: FaultRun;
}

const pick = ({ accepted, arrivals, claimed }: Books) => ({ accepted, arrivals, claimed });

function rateOf({ quick, minutes, messages }: Options): number {
  if (quick) return QUICK_RATE_PER_SECOND;
  return Math.max(RATE_PER_SECOND, Math.ceil(messages / (minutes * 60 * ACCEPTING_SHARE)));
}

function sendersOf({ pki, gateways }: Stand, over: AbortSignal): ReadonlyMap<string, Sender> {
  const ports = gateways.forSenders.map(({ port }) => port);
  return new Map(PEERS.map((name) => [name, new Sender(tlsOf(pki, name), ports, over)]));
}

/** The faults are over; the rest of the messages that were asked for come without. */
async function untilEnough(
  books: Books,
  messages: number,
  stop: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  if (books.acceptedCount < messages) note(`${messages - books.acceptedCount} messages are still to be sent`);
  const endMs = Date.now() + LEFT_TO_SEND_LIMIT_MS;
  while (books.acceptedCount < messages && !stop.aborted && Date.now() < endMs) await sleep(500);
}

function tallied(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, number]) => `${kind} ${number}`).join(', ');
}
