import type { NotificationEvent } from '#messaging/event.js';

/** NL GOV profile for CloudEvents 1.1: intermediaries forward events up to 64 KB, consumers should accept them. */
export const MAX_EVENT_BYTES = 64 * 1024;

/** A record that is not one of our notifications. The message names the attribute, never its value. */
export class MalformedNotification extends Error {
  constructor(readonly attribute: string) {
    super(`malformed notification: ${attribute}`);
  }
}

const NON_EMPTY = /^\S.*$/s;
const POSITIVE = /^[1-9][0-9]{0,14}$/;
const RULES: Readonly<Record<keyof NotificationEvent, RegExp>> = {
  specversion: /^1\.0$/,
  id: NON_EMPTY,
  source: NON_EMPTY,
  type: /^nl\.lvv\.[a-z0-9-]+\.v[0-9]+$/,
  time: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  dataref: /^https:\/\/\S+\/v1\/messages\/[0-9a-f-]{36}\/content$/,
  sequence: POSITIVE,
  casesequence: POSITIVE,
  partitionkey: NON_EMPTY,
  traceparent: NON_EMPTY,
};
const OPTIONAL = new Set<string>(['casesequence', 'traceparent']);

/**
 * Builds the notification from CloudEvents attributes. Attributes that it does not know are left out, so that a later
 * gateway may add some. Throws {@link MalformedNotification}.
 */
export function notificationFrom(attributes: Readonly<Record<string, unknown>>): NotificationEvent {
  const event: Record<string, string> = {};
  for (const [name, rule] of Object.entries(RULES)) {
    const value = attributes[name];
    if (value === undefined && OPTIONAL.has(name)) continue;
    if (typeof value !== 'string' || !rule.test(value)) throw new MalformedNotification(name);
    event[name] = value;
  }
  return event as unknown as NotificationEvent;
}
