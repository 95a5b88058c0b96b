/** `now`, a timestamptz. */
export const DATABASE_CLOCK = 'SELECT clock_timestamp() AS now';

/**
 * Milliseconds by which the clock of this machine and another surely differ. `ask` reads the other one, which answers
 * some time between the question and now: only what lies outside of that is a difference.
 */
export async function clockSkewMs(ask: () => Promise<Date | undefined>): Promise<number> {
  const asked = Date.now();
  const theirs = (await ask())?.getTime() ?? 0;
  return Math.max(asked - theirs, theirs - Date.now(), 0);
}
