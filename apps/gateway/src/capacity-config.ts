import { availableParallelism } from 'node:os';
import type { StartProblem } from './start-error.js';

/** How much the gateway takes on, and how it puts it down. */
export interface CapacityConfig {
  /** Processes on one port; 1: this one alone. */
  readonly workers: number;
  /** When it stops, a connection that is not in use stays open for so long, in case its client uses it once more. */
  readonly lingerMs: number;
  /** After this a process that stops ends whatever still hangs; longer than `lingerMs`. */
  readonly stopLimitMs: number;
  /** Requests of one organisation in a second that each process takes. */
  readonly peerRequestsPerSecond: number;
}

/** More than one core can serve, so that it stops a runaway and nobody else: whoever shares is served in turn anyhow. */
const PEER_REQUESTS_PER_SECOND = 5_000;
const MAX_PEER_REQUESTS_PER_SECOND = 1_000_000;
const MAX_WORKERS = 64;
const LINGER_SECONDS = 10;
const MAX_LINGER_SECONDS = 60;
/** What runs may take so long, from the moment at which nothing is idle any more. */
const FINISH_LIMIT_MS = 20_000;

type Environment = Readonly<Record<string, string | undefined>>;

export function capacityConfig(env: Environment, problems: StartProblem[]): CapacityConfig {
  const whole = (name: string, fallback: number, least: number, most: number): number => {
    const value = Number(env[name] ?? fallback);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    const nextStep = `Set it to a whole number from ${least} to ${most}, or leave it out.`;
    problems.push({ cause: `${name} is not a number that works`, nextStep });
    return fallback;
  };
  const lingerMs = whole('STOP_LINGER_SECONDS', LINGER_SECONDS, 0, MAX_LINGER_SECONDS) * 1_000;
  return {
    workers: env.GATEWAY_WORKERS === 'auto' ? availableParallelism() : whole('GATEWAY_WORKERS', 1, 1, MAX_WORKERS),
    lingerMs,
    stopLimitMs: lingerMs + FINISH_LIMIT_MS,
    peerRequestsPerSecond: whole('PEER_REQUESTS_PER_SECOND', PEER_REQUESTS_PER_SECOND, 1, MAX_PEER_REQUESTS_PER_SECOND),
  };
}
