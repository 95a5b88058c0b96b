import { GatewayError } from '../errors.js';
import { FairQueue, type FairQueueLimits } from '../fair-queue.js';

export interface FairTurnsLimits extends FairQueueLimits {
  /** Pieces of work under way at once. */
  readonly atOnce: number;
}

interface Turn {
  readonly begin: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Lets so many pieces of work run at once, and those who wait go in turn: for reads, which no batch gathers. Without it
 * the pool of database connections is first come, first served, and whoever polls a thousand times holds up all others.
 */
export class FairTurns {
  private readonly waiting: FairQueue<Turn>;
  private running = 0;

  constructor(private readonly limits: FairTurnsLimits) {
    this.waiting = new FairQueue(limits);
  }

  /** Result of `work`, once it was its turn. Rejects with OVERLOADED when there is no room to wait (any more). */
  async run<Result>(lane: string, work: () => Promise<Result>): Promise<Result> {
    await this.turn(lane);
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.start();
    }
  }

  get depth(): number {
    return this.waiting.length;
  }

  private turn(lane: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const without = this.waiting.push(lane, { begin: resolve, refuse: reject }, 1);
      const detail = 'too many requests of this organisation are waiting';
      without?.refuse(new GatewayError('OVERLOADED', detail, { headers: { 'retry-after': '1' } }));
      this.start();
    });
  }

  private start(): void {
    for (const turn of this.waiting.take(this.limits.atOnce - this.running, Infinity)) {
      this.running += 1;
      turn.begin();
    }
  }
}
