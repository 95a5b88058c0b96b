import type { DeliveryState, InboxItem, InboxPage, NotificationEvent } from '#messaging/event.js';
import type { InboxClient, InboxCursor } from '#messaging/inbox-port.js';
import type { NotificationConsumer, SettleHandler, SettleOutcome } from '#messaging/kafka-port.js';

/** A valid notification with this sequence; of one case unless another key is given. */
export function notification(sequence: number, partitionkey = 'case'): NotificationEvent {
  const message = String(sequence).padStart(12, '0');
  return {
    specversion: '1.0',
    id: `event-${sequence}`,
    source: 'urn:nld:oin:00000099000000000001:ketenpoort',
    type: 'nl.lvv.case-notification.v1',
    time: '2026-11-22T10:00:00Z',
    dataref: `https://localhost:8443/v1/messages/0190a000-0000-7000-8000-${message}/content`,
    sequence: String(sequence),
    casesequence: String(sequence),
    partitionkey,
  };
}

/** A consumer without brokers: offers what it is told to. */
export class FakeConsumer implements NotificationConsumer {
  handler: SettleHandler | null = null;
  closed = false;

  start(handler: SettleHandler): void {
    this.handler = handler;
  }

  isConnected(): boolean {
    return this.handler !== null && !this.closed;
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  offer(events: readonly NotificationEvent[]): Promise<SettleOutcome> {
    if (this.handler === null) throw new Error('the consumer has not been started');
    return this.handler(events);
  }
}

/** A cursor in memory that remembers where it stood. */
export class FakeCursor implements InboxCursor {
  readonly history: number[] = [];

  get saved(): number {
    return this.history.at(-1) ?? 0;
  }

  load(): Promise<number> {
    return Promise.resolve(this.saved);
  }

  save(sequence: number): Promise<void> {
    this.history.push(sequence);
    return Promise.resolve();
  }
}

/** The gateway's inbox of one recipient, with long poll. */
export class FakeInbox implements InboxClient {
  /** So many calls are refused first. */
  failNext = 0;
  private items: InboxItem[] = [];
  private held: (() => void)[] = [];

  constructor(events: readonly NotificationEvent[] = []) {
    for (const event of events) this.add(event);
  }

  cursor(): FakeCursor {
    return new FakeCursor();
  }

  add(event: NotificationEvent, state: DeliveryState = 'OUTSTANDING', ...more: readonly NotificationEvent[]): void {
    for (const one of [event, ...more]) {
      const sequence = Number(one.sequence);
      const messageId = one.dataref.split('/').at(-2) ?? '';
      const contract = 'nl.lvv.resident-application.v1';
      this.items.push({ sequence, caseSequence: sequence, state, messageId, contract, event: one });
    }
    for (const answer of this.held.splice(0)) answer();
  }

  take(sequence: number): void {
    this.items = this.items.map((item) => (item.sequence === sequence ? { ...item, state: 'TAKEN' } : item));
  }

  /** True while a poll waits for something to come. */
  isHeld(): boolean {
    return this.held.length > 0;
  }

  async page(after: number, limit: number, waitSeconds: number, state?: 'outstanding'): Promise<InboxPage> {
    if (this.failNext > 0) {
      this.failNext -= 1;
      throw new Error('the gateway is away');
    }
    const matching = () =>
      this.items
        .filter((item) => item.sequence > after && (state === undefined || item.state === 'OUTSTANDING'))
        .slice(0, limit);
    if (matching().length === 0 && waitSeconds > 0) await new Promise<void>((answer) => this.held.push(answer));
    const items = matching();
    return { items, next: items.at(-1)?.sequence ?? after, highest: this.items.at(-1)?.sequence ?? 0 };
  }
}
