import { GatewayError } from '../errors.js';
import { FairQueue } from '../fair-queue.js';
import type { TraceContext } from '../trace-context.js';
import { stepped } from '../tracing/tracing.js';
import { batchFigures } from '../metrics/gateway-metrics.js';
import { BatchSize } from './batch-size.js';

export type Settled<Out> = { readonly ok: true; readonly value: Out } | { readonly ok: false; readonly error: unknown };

interface Waiting<In, Out> {
  readonly item: In;
  readonly settle: (result: Settled<Out>) => void;
  /** `performance.now()`. */
  readonly sinceMs: number;
}

export interface GroupCommitLimits {
  /** Items of one transaction. */
  readonly maxBatch: number;
  /** A transaction is closed when its items cost this much together, or less when that took long (`BatchSize`). */
  readonly maxBatchCost: number;
  /** Items that may wait; beyond it the caller is told to come back (503), so memory never grows. */
  readonly maxQueue: number;
  /** Of those, the items of one lane. */
  readonly maxQueuePerLane: number;
  /** Transactions under way at once. */
  readonly maxInFlight: number;
  /** When another transaction begins beside one under way; default: at once. */
  readonly besides?: {
    /** As soon as so many items wait: two small transactions cost more than one of both. */
    readonly items: number;
    /** Or after so long: one that waits for a lock holds nobody else up. */
    readonly afterMs: number;
  };
}

/** A few of these, one after another, are far from a second; a quick machine does the largest batch in less. */
const BATCH_AIM_MS = 150;
/** Least that a batch may cost, of `maxBatchCost`. */
const LEAST_SHARE = 1 / 8;

/** PostgreSQL conditions after which the same work, done one by one, succeeds. */
const REPLAYABLE = new Set(['40P01', '40001', '23505', '23503', '23514', '55P03']);
const REPLAY_ATTEMPTS = 5;

/**
 * One commit for all requests that arrived meanwhile, from all lanes in turn. `run` gets a batch, in which the items of a
 * lane stand in arrival order, and settles each item; when it rejects with a deadlock, serialisation or constraint
 * failure, its items are replayed one by one.
 */
export class GroupCommit<In, Out> {
  private readonly waiting: FairQueue<Waiting<In, Out>>;
  private inFlight = 0;
  private closed = false;
  private idle: (() => void) | null = null;
  private later: NodeJS.Timeout | null = null;
  private readonly figures: ReturnType<typeof batchFigures>;
  private readonly size: BatchSize;

  constructor(
    private readonly run: (batch: readonly In[]) => Promise<readonly Settled<Out>[]>,
    private readonly limits: GroupCommitLimits,
    /** Its name in the figures. */
    queue = 'other',
  ) {
    this.figures = batchFigures(queue);
    const { maxBatchCost: max } = limits;
    this.size = new BatchSize({ max, min: max * LEAST_SHARE, aimMs: BATCH_AIM_MS });
    this.waiting = new FairQueue({ maxItems: limits.maxQueue, maxItemsPerLane: limits.maxQueuePerLane });
  }

  /**
   * Resolves after commit. Rejects with the item's own refusal, or OVERLOADED when there is no room for it (any more).
   * @param lane who asks: lanes are served in turn
   * @param cost of this item, 1 for an ordinary one
   */
  submit(item: In, lane: string, cost = 1): Promise<Out> {
    if (this.closed) return Promise.reject(overloaded('the gateway is stopping'));
    return new Promise<Out>((resolve, reject) => {
      const settle = (result: Settled<Out>): void => {
        if (result.ok) resolve(result.value);
        else reject(result.error instanceof Error ? result.error : new Error(String(result.error)));
      };
      const without = this.waiting.push(lane, { item, settle, sinceMs: performance.now() }, cost);
      without?.settle({ ok: false, error: overloaded('too many requests of this organisation are waiting') });
      this.start();
    });
  }

  /** Takes nothing more; resolves when what was taken is settled. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.inFlight === 0 && this.waiting.length === 0) return;
    await new Promise<void>((resolve) => (this.idle = resolve));
  }

  get depth(): number {
    return this.waiting.length;
  }

  private start(late = false): void {
    const { maxBatch, maxInFlight, besides } = this.limits;
    const enough = (): number => (this.inFlight === 0 || late ? 1 : (besides?.items ?? 1));
    while (this.inFlight < maxInFlight && this.waiting.length >= enough()) {
      const batch = this.waiting.take(maxBatch, this.size.maxCost);
      const full = this.waiting.length > 0;
      const begunMs = performance.now();
      this.inFlight += 1;
      void this.work(batch).finally(() => {
        this.inFlight -= 1;
        this.size.took(performance.now() - begunMs, full);
        this.start();
        if (this.inFlight === 0 && this.waiting.length === 0) this.idle?.();
      });
    }
    if (besides && this.waiting.length > 0 && this.inFlight < maxInFlight) this.startLater(besides.afterMs);
    else this.startNoLater();
  }

  private startLater(afterMs: number): void {
    this.later ??= setTimeout(() => {
      this.later = null;
      this.start(true);
    }, afterMs);
  }

  private startNoLater(): void {
    if (this.later) clearTimeout(this.later);
    this.later = null;
  }

  private async work(batch: readonly Waiting<In, Out>[]): Promise<void> {
    const begunMs = performance.now();
    this.figures.begun(batch.map(({ sinceMs }) => begunMs - sinceMs));
    try {
      const results = await this.run(batch.map((one) => one.item));
      batch.forEach((one, index) => one.settle(results[index] ?? { ok: false, error: new Error('no result') }));
    } catch (error) {
      if (!isReplayable(error)) {
        for (const one of batch) one.settle({ ok: false, error });
        return;
      }
      for (const one of batch) one.settle(await this.replay(one.item));
    } finally {
      const endedMs = performance.now();
      this.figures.ended(endedMs - begunMs);
      for (const { item, sinceMs } of batch) {
        const { trace } = item as { readonly trace?: TraceContext };
        stepped(trace, 'wait for batch', sinceMs, begunMs);
        stepped(trace, 'transaction', begunMs, endedMs);
      }
    }
  }

  private async replay(item: In): Promise<Settled<Out>> {
    let last: unknown;
    for (let attempt = 0; attempt < REPLAY_ATTEMPTS; attempt += 1) {
      try {
        const [result] = await this.run([item]);
        return result ?? { ok: false, error: new Error('no result') };
      } catch (error) {
        last = error;
        if (!isReplayable(error)) break;
      }
    }
    return { ok: false, error: last };
  }
}

function overloaded(detail: string): GatewayError {
  return new GatewayError('OVERLOADED', detail, { headers: { 'retry-after': '1' } });
}

function isReplayable(error: unknown): boolean {
  const code = (error as { code?: unknown; driverError?: { code?: unknown } } | null)?.code;
  return typeof code === 'string' && REPLAYABLE.has(code);
}
