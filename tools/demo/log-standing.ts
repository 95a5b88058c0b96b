import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 500;
const ANSWER_LIMIT_MS = 5_000;
/** Some rounds of every witness; they look about every second. */
const COSIGN_LIMIT_MS = 20_000;

/** The access log, in numbers of entries. */
export interface LogStanding {
  readonly size: number;
  /** Cosigned by a quorum of the witnesses. */
  readonly cosigned: number;
  /** Records that are no entry yet. */
  readonly pending: number;
}

/** From the figures of the gateway. Null while it does not answer. */
export async function readLogStanding(managementUrl: string): Promise<LogStanding | null> {
  try {
    const answer = await fetch(`${managementUrl}/metrics`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    const text = await answer.text();
    const figure = (name: string): number => Number(new RegExp(`^ketenpoort_log_${name} (\\d+)$`, 'm').exec(text)?.[1]);
    const standing = { size: figure('size'), cosigned: figure('cosigned_size'), pending: figure('pending') };
    return Object.values(standing).some(Number.isNaN) ? null : standing;
  } catch {
    return null;
  }
}

export function describeLog({ size, cosigned }: LogStanding, witnesses: number): string {
  const quorum = Math.floor(witnesses / 2) + 1;
  return `${size} entries, the first ${cosigned} cosigned by at least ${quorum} of ${witnesses} witnesses`;
}

/**
 * Waits until all that was recorded by now is in the log and cosigned by a quorum: the last standing, and whether that
 * was reached in time. Rejects when `stop` is aborted.
 */
export async function whenCosigned(
  managementUrl: string,
  stop: AbortSignal,
): Promise<{ readonly standing: LogStanding | null; readonly reached: boolean }> {
  let standing: LogStanding | null = null;
  let goal = Infinity;
  for (const end = Date.now() + COSIGN_LIMIT_MS; Date.now() < end;) {
    standing = (await readLogStanding(managementUrl)) ?? standing;
    // Proofs that adapters demand go on making records: what counts is what was there when this began.
    if (standing && goal === Infinity) goal = standing.size + standing.pending;
    if (standing && standing.cosigned >= goal) return { standing, reached: true };
    await sleep(LOOK_EVERY_MS, undefined, { signal: stop });
  }
  return { standing, reached: false };
}
