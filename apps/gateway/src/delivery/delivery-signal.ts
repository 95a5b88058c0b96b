import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from 'pino';

export const DELIVERY_CHANNEL = 'ketenpoort_delivery';
/** Whose OINs of 20 digits, with a space after each, go into one notification: PostgreSQL takes less than 8,000 bytes. */
export const MAX_RECIPIENTS_TOLD = 350;
const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that only listens would not notice by itself that the other side is gone. */
const KEEP_ALIVE_DELAY_MS = 10_000;
/** Each waiting inbox poll is one listener. */
const MAX_WAITERS = 10_000;

/** Event for whoever wants to know of everything; the others are the OINs of recipients. */
const ANY = Symbol('any');

/**
 * "There may be something to deliver", told by the commit itself and heard on a dedicated connection, from this process
 * as from others. A lost signal costs at most the sweep interval of whoever waits, never a message.
 */
export class DeliverySignal {
  private readonly emitter = new EventEmitter().setMaxListeners(MAX_WAITERS);
  private client: pg.Client | null = null;
  private closed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly log: Logger,
  ) {}

  async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'ketenpoort-signal',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    });
    client.on('notification', ({ payload }) => (payload ? this.raise(payload.split(' ')) : this.wakeAll()));
    client.on('error', () => this.reopen());
    client.on('end', () => this.reopen());
    await client.connect();
    await client.query(`LISTEN ${DELIVERY_CHANNEL}`);
    this.client = client;
    this.wakeAll();
  }

  /** Calls back at each signal, until the returned function is called. */
  onWork(listener: () => void): () => void {
    this.emitter.on(ANY, listener);
    return () => this.emitter.off(ANY, listener);
  }

  /** Resolves when there may be something for this recipient, or after `waitMs`. */
  async next(recipientOin: string, waitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.emitter.off(recipientOin, finish);
        resolve();
      };
      const timer = setTimeout(finish, waitMs);
      this.emitter.on(recipientOin, finish);
    });
  }

  /** As a signal that names nobody: whoever waits, for whatever, looks now. */
  wakeAll(): void {
    this.raise(this.emitter.eventNames().filter((name) => typeof name === 'string'));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wakeAll();
    await this.client?.end().catch(() => undefined);
  }

  private raise(recipientOins: readonly string[]): void {
    this.emitter.emit(ANY);
    for (const oin of recipientOins) this.emitter.emit(oin);
  }

  private reopen(): void {
    if (this.closed || this.client === null) return;
    this.client = null;
    this.log.warn('the signal connection was lost; deliveries go on by the sweep');
    const retry = (): void => {
      if (!this.closed) void this.open().catch(() => setTimeout(retry, RECONNECT_MS).unref());
    };
    setTimeout(retry, RECONNECT_MS).unref();
  }
}
