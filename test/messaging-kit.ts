import { setTimeout as sleep } from 'node:timers/promises';
import type { NotificationEvent } from '#messaging/event.js';
import type { NotificationProducer, SettleHandler } from '#messaging/kafka-port.js';
import { notificationsTopic } from '#messaging/topics.js';
import { GATEWAY_OIN } from '../tools/demo/roster.js';

let events = 0;
/** A new, valid notification. */
export function event(partitionkey: string): NotificationEvent {
  events += 1;
  const messageId = `0190a000-0000-7000-8000-${String(events).padStart(12, '0')}`;
  return {
    specversion: '1.0',
    id: `event-${events}`,
    source: `urn:nld:oin:${GATEWAY_OIN}:ketenpoort`,
    type: 'nl.lvv.case-notification.v1',
    time: '2026-11-22T10:00:00Z',
    dataref: `https://localhost:8443/v1/messages/${messageId}/content`,
    sequence: String(events),
    partitionkey,
  };
}

/** Takes everything and remembers it. */
export function collector(): { ids: string[]; take: SettleHandler } {
  const ids: string[] = [];
  const take: SettleHandler = (batch) => {
    ids.push(...batch.map(({ id }) => id));
    return Promise.resolve({ settled: batch.length, retryAfterMs: 0 });
  };
  return { ids, take };
}

/** Waits until the condition holds, at most so long. */
export async function until(condition: () => boolean, limitMs: number): Promise<void> {
  for (const end = Date.now() + limitMs; Date.now() < end && !condition();) await sleep(50);
}

/** What the relay does: the rows stay until a send of theirs has been confirmed. */
export async function sendUntilConfirmed(
  producer: NotificationProducer,
  oin: string,
  sent: NotificationEvent,
): Promise<void> {
  for (;;) {
    try {
      return await producer.send(notificationsTopic(oin), [sent]);
    } catch {
      await sleep(250);
    }
  }
}
