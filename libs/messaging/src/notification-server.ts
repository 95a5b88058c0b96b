import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { backoffMs, within } from '#messaging/backoff.js';
import { asDeliveryFailure, DeliveryFailure, UNEXPECTED } from '#messaging/delivery-failure.js';
import type { InboxItem } from '#messaging/event.js';
import { isDeliverable } from '#messaging/inbox-port.js';
import type { SettleOutcome } from '#messaging/kafka-port.js';
import { workInLanes } from '#messaging/lanes.js';
import type { MessagingLog } from '#messaging/messaging-log.js';
import { type Incoming, NotificationContext, type TransportName } from '#messaging/notification-context.js';

/** Cases that one batch may work on at the same time; each costs the gateway a fetch and the agency a call. */
const MAX_CONCURRENT_CASES = 16;
/** Tries of a failure that no handler meant; after that it is reported as poison. */
const MAX_UNEXPECTED_ATTEMPTS = 8;
const CLOSE_LIMIT_MS = 30_000;

export interface NotificationServerOptions {
  readonly log: MessagingLog;
  /**
   * Reports a notification that can never be delivered, so that the gateway parks it and the rest of its case. Once it
   * resolves the notification counts as settled; while it rejects the notification is offered again.
   */
  readonly onPoison: (context: NotificationContext, failure: DeliveryFailure) => Promise<void>;
  /** Told of the inbox's tombstones, in order with the rest of their case: each uses up a `casesequence`. */
  readonly onTombstone?: (item: InboxItem) => Promise<void>;
}

/**
 * Common part of the transport strategies: finds the `@EventPattern('nl.lvv.<family>.v1')` handler of an event, awaits
 * it to the end of its stream, and tells settled, retryable and poison apart. Nest's own servers answer before the
 * handler is done, so a crash would lose what they had committed.
 */
export abstract class NotificationServer extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  /** Once it fires nothing new is handed to a handler. */
  protected readonly closing = new AbortController();
  private readonly running = new Map<string, Promise<void>>();
  private readonly attempts = new Map<string, number>();

  constructor(
    override readonly transportId: symbol,
    protected readonly options: NotificationServerOptions,
  ) {
    super();
  }

  override on(): never {
    throw new Error('a notification server emits no events of its own');
  }

  override unwrap<T>(): T {
    throw new Error('the transport client stays inside its server');
  }

  /**
   * Offers notifications to the handlers: in order per `partitionkey`, different ones side by side. Never throws.
   * Order beyond that (`casesequence`) is the handler's business.
   */
  protected async settle(transport: TransportName, batch: readonly Incoming[]): Promise<SettleOutcome> {
    const work = (incoming: Incoming) => this.settleOne(transport, incoming);
    const laneOf = (incoming: Incoming) => incoming.event.partitionkey;
    const { settled, failures } = await workInLanes(batch, laneOf, MAX_CONCURRENT_CASES, work);
    const waits = failures.map(({ item }) => backoffMs(this.attempts.get(item.event.id) ?? 1));
    return { settled, retryAfterMs: Math.max(0, ...waits) };
  }

  /** Waits until no handler runs any more, but not forever. */
  protected async drain(): Promise<void> {
    const all = Promise.allSettled(this.running.values()).then(() => undefined);
    await within(all, CLOSE_LIMIT_MS, 'finishing the running deliveries').catch((error: unknown) => {
      this.options.log.warn({ reason: String(error) }, 'closing although deliveries are running');
    });
  }

  /** The two roads may bring the same notification at the same time: the second waits for what the first achieves. */
  private async settleOne(transport: TransportName, incoming: Incoming): Promise<void> {
    const { event, item } = incoming;
    const { id } = event;
    if (this.closing.signal.aborted) throw new DeliveryFailure({ retryable: true, code: 'CLOSING' });
    if (item !== undefined && !isDeliverable(item)) return this.options.onTombstone?.(item);
    const running = this.running.get(id);
    if (running !== undefined) return running;
    const settling = this.attempt(transport, incoming).finally(() => this.running.delete(id));
    this.running.set(id, settling);
    return settling;
  }

  private async attempt(transport: TransportName, incoming: Incoming): Promise<void> {
    const { id, type } = incoming.event;
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    const context = new NotificationContext(transport, incoming, attempt);
    try {
      await this.dispatch(type, context);
    } catch (error) {
      const failure = asDeliveryFailure(error);
      const exhausted = failure.code === UNEXPECTED && attempt >= MAX_UNEXPECTED_ATTEMPTS;
      const { code, retryable, cause } = failure;
      const reason = cause instanceof Error ? cause.name : undefined;
      this.options.log.warn({ id, type, transport, attempt, code, retryable, reason }, 'delivery failed');
      if (retryable && !exhausted) throw failure;
      await this.options.onPoison(context, failure);
    }
    this.attempts.delete(id);
  }

  private async dispatch(type: string, context: NotificationContext): Promise<void> {
    const handler = this.getHandlerByPattern(type);
    if (handler === null) throw new DeliveryFailure({ retryable: false, code: 'NO_HANDLER' });
    await new Promise<void>((resolve, reject) => {
      const run = async () => {
        try {
          const result: unknown = await handler(context.event, context);
          if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
          resolve();
        } catch (error) {
          reject(asDeliveryFailure(error));
        } finally {
          this.onProcessingEndHook?.(this.transportId, context);
        }
      };
      this.onProcessingStartHook(this.transportId, context, run);
    });
  }
}
