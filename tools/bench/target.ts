import { cpus } from 'node:os';
import type { Generator } from '../load/generator.js';
import type { LatencySummary } from '../load/latencies.js';
import type { Shots } from '../load/shots.js';
import { settle, walBytes } from './bed/postmaster.js';
import { usageOf } from './bed/processes.js';
import { plainHashRate } from './plain-hash.js';
import { findSaturation } from './saturation.js';

/** Something that takes POSTs: the gateway, the floor, a rival. */
export interface Target {
  readonly name: string;
  /** For the next load, of at most so many requests. */
  readonly shots: (requests: number) => Promise<Shots>;
  /** By role (`gateway`, `database`, `nginx`, ...): whose CPU time and writing is counted, with all below it. */
  readonly processes: Readonly<Record<string, number>>;
  /** As superuser; its write-ahead log is counted. Null: it has none. */
  readonly database: string | null;
}

/** One run of one target. */
export interface TargetRun {
  /** SHA-256 of a record a second on all cores, right before: what the machine gave at that moment. */
  readonly plainHashesPerSecond: number;
  readonly saturationPerSecond: number;
  readonly tried: readonly { readonly offered: number; readonly achieved: number; readonly p99Ms: number }[];
  /** At half of saturation. */
  readonly half: LatencySummary & {
    readonly offeredPerSecond: number;
    readonly failed: number;
    readonly dropped: number;
  };
  /** CPU seconds for 1,000 answered requests at half of saturation, by role; `generator` is ours. */
  readonly cpuPer1000: Readonly<Record<string, number>>;
  readonly writtenPerRequest: Readonly<Record<string, number | null>>;
  readonly walPerRequest: number | null;
}

export interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly inFlight?: number;
  readonly maxInFlight?: number;
}

/** More than any target reaches here; what is prepared for a load is bounded by it. */
const RATE_CEILING = 4_500;
/** Two closed loops and a few rates of the search, then half of what came of it. */
const LOADS_A_RUN = 7;
const MAX_STEP_SECONDS = 4;
/**
 * The load of which the latency is told is so much longer. Garbage is collected in full every ten to thirty seconds, for
 * a tenth of a second: a short load has one or none, and its p99 is then a matter of chance.
 */
const LATENCY_LOADS = 3;
/**
 * Before its first run a target works for so many loads, as much as it can. V8 and the JVM compile what they run often,
 * and go on doing so for tens of thousands of requests: until then a message costs half as much again.
 */
const WARM_UP_LOADS = 4;
/** More than anybody takes in that time of those that take each case once. */
const WARM_UP_REQUESTS = 40_000;
/** Some tenths of a second of it. */
const PLAIN_HASHES = 400_000;

/** Brings a target to where it is as quick as it gets. */
export async function warmUp(
  generator: Generator,
  target: Target,
  { connections, inFlight = connections, seconds }: LoadOptions,
): Promise<void> {
  await generator.aim(await target.shots(WARM_UP_REQUESTS));
  await generator.closed(inFlight, WARM_UP_LOADS * seconds);
}

/** Saturation, and then latency and cost at half of it. */
export async function measureTarget(generator: Generator, target: Target, options: LoadOptions): Promise<TargetRun> {
  const { seconds } = options;
  const stepSeconds = Math.min(seconds, MAX_STEP_SECONDS);
  await generator.aim(await target.shots(Math.round(RATE_CEILING * LOADS_A_RUN * stepSeconds)));
  if (target.database !== null) await settle(target.database);
  const plainHashesPerSecond = await plainHashRate(cpus().length, PLAIN_HASHES);
  const saturation = await findSaturation(generator, { ...options, seconds: stepSeconds });
  const before = await spending(target);
  const half = await generator.open(saturation.perSecond / 2, LATENCY_LOADS * seconds, options.maxInFlight);
  const after = await spending(target);
  const per = (part: number): number => part / Math.max(1, half.ok);
  const roles = Object.keys(target.processes);
  return {
    plainHashesPerSecond,
    saturationPerSecond: saturation.perSecond,
    tried: saturation.tried,
    half: { ...half.latency, offeredPerSecond: half.offeredPerSecond, failed: half.failed, dropped: half.dropped },
    cpuPer1000: {
      ...Object.fromEntries(
        roles.map((role) => [role, per(1_000 * (after.of(role).cpuSeconds - before.of(role).cpuSeconds))]),
      ),
      generator: per(1_000 * half.cpuSeconds),
    },
    writtenPerRequest: Object.fromEntries(
      roles.map((role) => [role, difference(before.of(role).writtenBytes, after.of(role).writtenBytes, per)]),
    ),
    walPerRequest: difference(before.wal, after.wal, per),
  };
}

async function spending({ processes, database }: Target) {
  const entries = Object.entries(processes).map(async ([role, pid]) => [role, await usageOf(pid)] as const);
  const usage = new Map(await Promise.all(entries));
  const wal = database === null ? null : await walBytes(database);
  return { wal, of: (role: string) => usage.get(role) ?? { cpuSeconds: 0, writtenBytes: null } };
}

function difference(before: number | null, after: number | null, per: (part: number) => number): number | null {
  return before === null || after === null ? null : per(after - before);
}
