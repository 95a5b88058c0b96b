import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from 'pino';

const CHANNEL = 'ketenpoort_delivery';
const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that only listens would not notice by itself that the other side is gone. */
const KEEP_ALIVE_DELAY_MS = 10_000;
/** Each waiting inbox poll is one listener. */
const MAX_WAITERS = 10_000;

/**
 * "There may be something to deliver." Heard from this process at once and from other processes by NOTIFY on a
 * dedicated connection. A lost signal costs at most the sweep interval of whoever waits, never a message.
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
    client.on('notification', () => this.raise());
    client.on('error', () => this.reopen());
    client.on('end', () => this.reopen());
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    this.client = client;
    this.raise();
  }

  raise(): void {
    this.emitter.emit('work');
  }

  onWork(listener: () => void): () => void {
    this.emitter.on('work', listener);
    return () => this.emitter.off('work', listener);
  }

  /** Resolves at the next signal, or after `waitMs`. */
  async next(waitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const off = this.onWork(() => finish());
      const timer = setTimeout(() => finish(), waitMs);
      const finish = (): void => {
        clearTimeout(timer);
        off();
        resolve();
      };
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.raise();
    await this.client?.end().catch(() => undefined);
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
