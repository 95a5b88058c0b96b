import type { StartProblem } from './start-error.js';

/** How much one process takes on. */
export interface CapacityConfig {
  /** Requests of one organisation in a second that each process takes. */
  readonly peerRequestsPerSecond: number;
}

/** More than one core can serve, so that it stops a runaway and nobody else: whoever shares is served in turn anyhow. */
const PEER_REQUESTS_PER_SECOND = 5_000;
const MAX_PEER_REQUESTS_PER_SECOND = 1_000_000;

export function capacityConfig(
  env: Readonly<Record<string, string | undefined>>,
  problems: StartProblem[],
): CapacityConfig {
  const rate = Number(env.PEER_REQUESTS_PER_SECOND ?? PEER_REQUESTS_PER_SECOND);
  if (!Number.isInteger(rate) || rate < 1 || rate > MAX_PEER_REQUESTS_PER_SECOND) {
    const nextStep = `Set it to 1..${MAX_PEER_REQUESTS_PER_SECOND} requests a second, or leave it out.`;
    problems.push({ cause: 'PEER_REQUESTS_PER_SECOND is not a rate that works', nextStep });
  }
  return { peerRequestsPerSecond: rate };
}
