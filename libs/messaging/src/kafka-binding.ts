import type { NotificationEvent } from '#messaging/event.js';
import { MalformedNotification, MAX_EVENT_BYTES, notificationFrom } from '#messaging/notification-parser.js';

/** A Kafka record as it goes out. */
export interface KafkaRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The parts of a received record that the binding reads; the shapes are those of kafkajs. */
export interface ReceivedRecord {
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

const STRUCTURED = 'application/cloudevents+json';

/**
 * CloudEvents Kafka binding, binary mode. The event has no data and therefore no `datacontenttype`, so there is no
 * `content-type` header either (the binding maps the one to the other). The value is empty and not null: null would
 * be a tombstone should somebody ever compact the topic (C24).
 */
export function toKafkaRecord(event: NotificationEvent): KafkaRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(event) as [string, string | undefined][]) {
    if (value !== undefined && value !== '') headers[`ce_${name}`] = value;
  }
  return { key: event.partitionkey, value: Buffer.alloc(0), headers };
}

/** Reads either mode back to the same event. Throws {@link MalformedNotification}. */
export function fromKafkaRecord(record: ReceivedRecord): NotificationEvent {
  if ((record.value?.length ?? 0) > MAX_EVENT_BYTES) throw new MalformedNotification('size');
  const headers = record.headers ?? {};
  const contentType = headerText(headers['content-type']) ?? '';
  if (contentType.toLowerCase().startsWith(STRUCTURED)) return notificationFrom(parseValue(record.value));
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce_')) attributes[name.slice('ce_'.length)] = headerText(value);
  }
  return notificationFrom(attributes);
}

/** A header that occurs twice is not one of ours; it reads as absent. */
function headerText(value: Buffer | string | (Buffer | string)[] | undefined): string | undefined {
  if (value === undefined || Array.isArray(value)) return undefined;
  return typeof value === 'string' ? value : value.toString('utf8');
}

function parseValue(value: Buffer | null): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value?.toString('utf8') ?? '');
  } catch {
    throw new MalformedNotification('value');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new MalformedNotification('value');
  return parsed as Record<string, unknown>;
}
