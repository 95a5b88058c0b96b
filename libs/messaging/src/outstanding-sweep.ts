import { backoffMs, pauseFor } from '#messaging/backoff.js';
import type { InboxItem } from '#messaging/event.js';
import type { InboxClient } from '#messaging/inbox-port.js';
import type { SettleOutcome } from '#messaging/kafka-port.js';
import type { MessagingLog } from '#messaging/messaging-log.js';

export const PAGE_LIMIT = 100;
const SWEEP_EVERY_MS = 60_000;
/** The fast road gets this long before the sweep looks for what it did not bring. */
const GRACE_MS = 30_000;

export interface SweepOptions {
  readonly client: InboxClient;
  /** Works a page off; what it leaves is offered again by the next sweep. Never throws. */
  readonly settle: (items: readonly InboxItem[]) => Promise<Pick<SettleOutcome, 'settled'>>;
  readonly log: MessagingLog;
  readonly everyMs?: number;
  readonly graceMs?: number;
  readonly now?: () => number;
}

/**
 * Reads what the gateway still counts as outstanding: fully at start, then every minute. It finds what the brokers lost,
 * what was redriven, and everything after the adapter's own state is gone. Of a case it offers nothing without all that
 * comes before it and is still outstanding: whoever is offered a line of the inbox need not look for earlier ones.
 */
export class OutstandingSweep {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | null = null;

  constructor(private readonly options: SweepOptions) {}

  /** Resolves after the first complete sweep, which is tried until the gateway answers or `stop` is called. */
  async start(): Promise<void> {
    await this.sweepUntilAnswered(0);
    this.loop = this.repeat();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async repeat(): Promise<void> {
    for (;;) {
      await pauseFor(this.options.everyMs ?? SWEEP_EVERY_MS, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      await this.sweepUntilAnswered(this.options.graceMs ?? GRACE_MS);
    }
  }

  private async sweepUntilAnswered(minAgeMs: number): Promise<void> {
    for (let attempt = 1; !this.stopping.signal.aborted; attempt += 1) {
      try {
        return await this.sweep(minAgeMs);
      } catch (error) {
        const waitMs = backoffMs(attempt);
        const reason = error instanceof Error ? error.message : 'unknown error';
        this.options.log.warn({ reason, attempt, waitMs }, 'the outstanding notifications could not be read');
        await pauseFor(waitMs, this.stopping.signal);
      }
    }
  }

  private async sweep(minAgeMs: number): Promise<void> {
    const { client, settle, now = Date.now } = this.options;
    const newest = now() - minAgeMs;
    /** Cases of which something is left to the fast road: what follows in them is too, whatever its date. */
    const left = new Set<string>();
    const isDue = ({ event }: InboxItem): boolean => {
      // Without a grace everything counts, also what a faster clock than ours has dated in the future.
      if (minAgeMs > 0 && Date.parse(event.time) > newest) left.add(event.partitionkey);
      return !left.has(event.partitionkey);
    };
    for (let after = 0; !this.stopping.signal.aborted;) {
      const page = await client.page(after, PAGE_LIMIT, 0, 'outstanding');
      const due = page.items.filter(isDue);
      // What comes later may belong to a case of which something could not be settled now.
      if (due.length > 0 && (await settle(due)).settled < due.length) return;
      if (page.items.length === 0 || page.next <= after) return;
      after = page.next;
    }
  }
}
