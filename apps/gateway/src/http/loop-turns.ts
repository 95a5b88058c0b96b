import { FairQueue } from '../fair-queue.js';

/**
 * Lets so many requests begin in one turn of the event loop, those of all callers in turn. Reading, checking and
 * digesting a message is work of this one thread: without turns a thousand requests that lie ready are all worked off
 * before the next caller is even heard.
 */
export class LoopTurns {
  private readonly waiting: FairQueue<() => void>;
  private begun = 0;
  private scheduled = false;

  /** @param maxWaiting as many as may be under way: more never wait */
  constructor(
    private readonly atOnce: number,
    maxWaiting: number,
  ) {
    this.waiting = new FairQueue({ maxItems: maxWaiting, maxItemsPerLane: maxWaiting });
  }

  /** Calls `begin` when it is the turn of this caller: at once when the loop has hardly anything to do. */
  take(caller: string, begin: () => void): void {
    this.schedule();
    if (this.begun < this.atOnce && this.waiting.length === 0) {
      this.begun += 1;
      begin();
      return;
    }
    // There is room; were there none, beginning early would harm nobody.
    this.waiting.push(caller, begin, 1)?.();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.scheduled = false;
    const next = this.waiting.take(this.atOnce, Infinity);
    this.begun = next.length;
    if (next.length > 0) this.schedule();
    for (const begin of next) begin();
  }
}
