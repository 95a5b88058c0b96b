import type { Intent } from '../behaviour/intent.js';

/** Thrown by the work of an intent when trying again later may help. */
export class TryLater extends Error {}

const PARALLEL = 8;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 3000;

interface Waiting {
  readonly intent: Intent;
  dueAt: number;
  tries: number;
}

/**
 * Work that is due now or later. Keeps nothing on disk: everything in it follows from the book and returns from there.
 * A piece of work that fails with `TryLater` stays, with growing pauses; anything else it throws is reported and ends it.
 */
export class Outbox {
  private readonly waiting = new Map<string, Waiting>();
  private readonly running = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly work: (intent: Intent) => Promise<void>,
    private readonly report: (intent: Intent, problem: string) => void,
  ) {}

  add(intents: readonly Intent[]): void {
    for (const intent of intents) {
      if (!this.waiting.has(intent.id)) this.waiting.set(intent.id, { intent, dueAt: intent.dueAt, tries: 0 });
    }
    this.wake();
  }

  /** Number of intents that run or are due within so many milliseconds. */
  pendingWithin(ms: number): number {
    const horizon = Date.now() + ms;
    return [...this.waiting.values()].filter((waiting) => waiting.dueAt <= horizon).length;
  }

  get size(): number {
    return this.waiting.size;
  }

  /** Takes no new work and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.allSettled(this.running.values());
  }

  private wake(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    const now = Date.now();
    const idle = [...this.waiting.values()].filter(({ intent }) => !this.running.has(intent.id));
    idle.sort((left, right) => left.dueAt - right.dueAt);
    for (const next of idle) {
      if (this.running.size >= PARALLEL) return;
      if (next.dueAt > now) {
        this.timer = setTimeout(() => this.wake(), Math.min(next.dueAt - now, LONGEST_RETRY_MS));
        return;
      }
      this.start(next);
    }
  }

  private start(next: Waiting): void {
    const { id } = next.intent;
    const done = this.work(next.intent)
      .then(
        () => void this.waiting.delete(id),
        (error: unknown) => this.failed(next, error),
      )
      .finally(() => {
        this.running.delete(id);
        this.wake();
      });
    this.running.set(id, done);
  }

  private failed(next: Waiting, error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.report(next.intent, problem);
    if (!(error instanceof TryLater)) {
      this.waiting.delete(next.intent.id);
      return;
    }
    next.tries += 1;
    next.dueAt = Date.now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(next.tries, 8));
  }
}
