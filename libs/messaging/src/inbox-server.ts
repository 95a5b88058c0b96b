import { backoffMs, pauseFor } from '#messaging/backoff.js';
import type { InboxItem, InboxPage } from '#messaging/event.js';
import { type InboxClient, type InboxCursor } from '#messaging/inbox-port.js';
import type { Incoming } from '#messaging/notification-context.js';
import { NotificationServer, type NotificationServerOptions } from '#messaging/notification-server.js';
import { OutstandingSweep, PAGE_LIMIT } from '#messaging/outstanding-sweep.js';

const WAIT_SECONDS = 20;
/** A poll without an answer after this is given up; the gateway answers an idle one after `WAIT_SECONDS`. */
const MAX_POLL_MS = 60_000;

export interface InboxServerOptions extends NotificationServerOptions {
  readonly inbox: InboxClient;
  readonly cursor: InboxCursor;
}

export const INBOX_TRANSPORT = Symbol('ketenpoort.inbox');

/** Transport strategy that follows the recipient's inbox at the gateway by long polling. */
export class InboxServer extends NotificationServer {
  private readonly sweep: OutstandingSweep;
  private loop: Promise<void> | null = null;
  private connected = false;

  constructor(private readonly inbox: InboxServerOptions) {
    super(INBOX_TRANSPORT, inbox);
    this.sweep = new OutstandingSweep({
      client: inbox.inbox,
      log: inbox.log,
      settle: (items) => this.settle('inbox', items.map(asIncoming)),
    });
  }

  /** Calls back at once: the gateway does not have to be up for the adapter to start. */
  override listen(callback: () => void): void {
    this.loop = this.sweep.start().then(() => this.follow());
    callback();
  }

  /** True while the last poll was answered. */
  isConnected(): boolean {
    return this.connected;
  }

  override async close(): Promise<void> {
    this.closing.abort();
    await this.sweep.stop();
    await this.drain();
    await this.loop;
  }

  private async follow(): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted;) {
      try {
        const after = await this.inbox.cursor.load();
        const page = await this.poll(after);
        if (page === null) return;
        this.connected = true;
        failures = 0;
        await pauseFor(await this.take(after, page), this.closing.signal);
      } catch (error) {
        this.connected = false;
        failures += 1;
        const waitMs = backoffMs(failures);
        const reason = error instanceof Error ? error.message : 'unknown error';
        this.options.log.warn({ reason, failures, waitMs }, 'the inbox could not be read');
        await pauseFor(waitMs, this.closing.signal);
      }
    }
  }

  /**
   * The next page; null when closing. The gateway may hold the call for a while, but nothing of it has been handed out
   * yet, so closing does not wait for it.
   */
  private async poll(after: number): Promise<InboxPage | null> {
    const page = this.inbox.inbox.page(after, PAGE_LIMIT, WAIT_SECONDS);
    const closed = new AbortController();
    const closing = AbortSignal.any([this.closing.signal, closed.signal]);
    try {
      return await Promise.race([page, pauseFor(MAX_POLL_MS, closing).then(() => this.lateOrClosing())]);
    } finally {
      closed.abort();
    }
  }

  private lateOrClosing(): null {
    if (this.closing.signal.aborted) return null;
    throw new Error('the gateway did not answer in time');
  }

  /** Works one page off and moves the cursor past what is settled. Returns how long to wait before the next poll. */
  private async take(after: number, page: InboxPage): Promise<number> {
    const { settled, retryAfterMs } = await this.settle('inbox', page.items.map(asIncoming));
    const complete = settled === page.items.length;
    const upTo = complete ? page.next : (page.items[settled - 1]?.sequence ?? after);
    if (upTo > after) await this.inbox.cursor.save(upTo);
    return complete ? 0 : retryAfterMs;
  }
}

function asIncoming(item: InboxItem): Incoming {
  return { item, event: item.event };
}
