interface Waiting<Item> {
  readonly item: Item;
  readonly cost: number;
}

interface Lane<Item> {
  readonly waiting: Waiting<Item>[];
  /** What this lane has been served so far, on the scale that all lanes share. */
  served: number;
}

export interface FairQueueLimits {
  /** Items of all lanes together. */
  readonly maxItems: number;
  /** Items of one lane. */
  readonly maxItemsPerLane: number;
}

/**
 * A bounded queue that serves its lanes in turn, by cost: whoever asks more than its share waits behind itself, not in
 * front of others. Within a lane the order of arrival stays. (Start-time fair queuing, Goyal 1996.)
 */
export class FairQueue<Item> {
  private readonly lanes = new Map<string, Lane<Item>>();
  /** Where the lane that was served last began; a lane that comes back starts here, with no arrears and no credit. */
  private turn = 0;
  private items = 0;

  constructor(private readonly limits: FairQueueLimits) {}

  get length(): number {
    return this.items;
  }

  /**
   * Adds an item of `cost` > 0. Returns the item for which there is no room: null, this one, or, when the whole queue is
   * full, the newest of the longest lane, so that who waits longest in line makes way and not who came last.
   */
  push(laneName: string, item: Item, cost: number): Item | null {
    const lane = this.lane(laneName);
    if (lane.waiting.length >= this.limits.maxItemsPerLane) return item;
    if (this.items < this.limits.maxItems) {
      lane.waiting.push({ item, cost });
      this.items += 1;
      return null;
    }
    const longest = this.longest();
    if (longest === undefined || longest.waiting.length <= lane.waiting.length + 1) return item;
    lane.waiting.push({ item, cost });
    return longest.waiting.pop()?.item ?? null;
  }

  /** Takes items while there are any, up to `maxItems`, and while what is taken costs less than `maxCost`. */
  take(maxItems: number, maxCost: number): Item[] {
    const taken: Item[] = [];
    for (let cost = 0; taken.length < maxItems && cost < maxCost;) {
      const lane = this.nextLane();
      const next = lane?.waiting.shift();
      if (lane === undefined || next === undefined) break;
      this.turn = lane.served;
      lane.served += next.cost;
      this.items -= 1;
      cost += next.cost;
      taken.push(next.item);
    }
    return taken;
  }

  private lane(name: string): Lane<Item> {
    const known = this.lanes.get(name);
    if (known === undefined) {
      const lane = { waiting: [], served: this.turn };
      this.lanes.set(name, lane);
      return lane;
    }
    if (known.waiting.length === 0) known.served = Math.max(known.served, this.turn);
    return known;
  }

  /** The lane that was served least; of equals the one that has been here longest. Forgets those that owe nothing. */
  private nextLane(): Lane<Item> | undefined {
    let least: Lane<Item> | undefined;
    for (const [name, lane] of this.lanes) {
      if (lane.waiting.length === 0) {
        if (lane.served <= this.turn) this.lanes.delete(name);
      } else if (least === undefined || lane.served < least.served) least = lane;
    }
    return least;
  }

  private longest(): Lane<Item> | undefined {
    let longest: Lane<Item> | undefined;
    for (const lane of this.lanes.values()) {
      if (longest === undefined || lane.waiting.length > longest.waiting.length) longest = lane;
    }
    return longest;
  }
}
