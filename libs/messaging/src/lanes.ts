export interface LanesOutcome<T> {
  /** How many items, from the first without a gap, went well. */
  readonly settled: number;
  /** The failed items with their reasons; those behind them in the same lane were not tried. */
  readonly failures: readonly { readonly item: T; readonly error: unknown }[];
}

/**
 * Works items off in lanes: strictly one after the other within a lane, up to `maxConcurrent` lanes at the same time.
 * A failure ends its own lane only. Never throws.
 */
export async function workInLanes<T>(
  items: readonly T[],
  laneOf: (item: T) => string,
  maxConcurrent: number,
  work: (item: T) => Promise<void>,
): Promise<LanesOutcome<T>> {
  const lanes = new Map<string, number[]>();
  items.forEach((item, place) => {
    const lane = laneOf(item);
    const places = lanes.get(lane);
    if (places) places.push(place);
    else lanes.set(lane, [place]);
  });
  const done = new Set<number>();
  const failures: { item: T; error: unknown }[] = [];
  const waiting = lanes.values();
  const worker = async () => {
    // The iterator is shared: each worker takes the next lane that nobody has begun.
    for (const places of waiting) {
      for (const place of places) {
        const item = items[place] as T;
        try {
          await work(item);
          done.add(place);
        } catch (error) {
          failures.push({ item, error });
          break;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, lanes.size) }, worker));
  let settled = 0;
  while (done.has(settled)) settled += 1;
  return { settled, failures };
}
