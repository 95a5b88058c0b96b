/** The clocks of those who write a log, and of whoever verifies it, may be this far apart. */
const CLOCKS_MS = 24 * 60 * 60 * 1000;

/** True when this time had not come at the other one, and no clock that is a little wrong explains it. */
export function isAheadOf(at: number, other: number): boolean {
  return at > other + CLOCKS_MS;
}

/**
 * The earliest of the times from each position on, and Infinity behind the last. Leaves are in the order of writing, so
 * no record can have been made after what stands behind it: that stays to be seen when a false time has long come.
 */
export function earliestFrom(times: Float64Array): Float64Array {
  const earliest = new Float64Array(times.length + 1).fill(Infinity);
  for (let position = times.length - 1; position >= 0; position -= 1) {
    earliest[position] = Math.min(times[position]!, earliest[position + 1]!);
  }
  return earliest;
}

/** Year * 12 + month - 1. */
export function monthAt(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
