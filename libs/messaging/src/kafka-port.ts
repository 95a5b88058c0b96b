import type { NotificationEvent } from '#messaging/event.js';

/** The way out to the brokers, as the relay needs it. Any client library can stand behind it. */
export interface NotificationProducer {
  /**
   * Resolves when all in-sync replicas have the events, in the given order per `partitionkey`. Rejects when that is not
   * certain; the caller still has its rows and sends them again, since a double is dropped by the receiver. Resolving is
   * no proof of arrival either: the inbox is compared with what was received.
   */
  send(topic: string, events: readonly NotificationEvent[]): Promise<void>;
  close(): Promise<void>;
}

export interface SettleOutcome {
  /** How many of the given events, counted from the first without a gap, are taken or parked for good. */
  readonly settled: number;
  /** When less than all: how long to wait before the rest is offered again. */
  readonly retryAfterMs: number;
}

/** Offered events in partition order, at most `MAX_OFFERED` in one call; several partitions may be offered at once. */
export type SettleHandler = (events: readonly NotificationEvent[]) => Promise<SettleOutcome>;

export const MAX_OFFERED = 100;

/** The way in from the brokers. */
export interface NotificationConsumer {
  /**
   * Starts consuming in the background and goes on through broker failures until `close`. Offsets move only past
   * settled events. Throws when called twice.
   */
  start(handler: SettleHandler): void;
  /** True while it is a member of its group. */
  isConnected(): boolean;
  /** Stops fetching, waits for the running handlers, leaves the group. */
  close(): Promise<void>;
}
