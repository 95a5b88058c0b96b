/**
 * The information-poor notification that Kafka and the inbox carry: a CloudEvent (NL GOV profile 1.1) without data,
 * without case id, purpose or exact contract. What it is about is fetched at `dataref`, with a purpose, and logged.
 */
export interface NotificationEvent {
  readonly specversion: '1.0';
  /** Id of the delivery, unique per (message, recipient). */
  readonly id: string;
  /** `urn:nld:oin:<gateway oin>:ketenpoort`. */
  readonly source: string;
  /** `nl.lvv.<family>.v1`. */
  readonly type: string;
  /** Acceptance time of the message at the gateway, RFC 3339 UTC. */
  readonly time: string;
  /** `https://<gateway>/v1/messages/<messageId>/content`. */
  readonly dataref: string;
  /** Per recipient, from 1, gapless; decimal text (CloudEvents `sequence`). */
  readonly sequence: string;
  /** Per recipient and case, from 1, gapless; absent for messages without a case. */
  readonly casesequence?: string;
  /** Keyed pseudonym per (recipient, case); the Kafka record key. */
  readonly partitionkey: string;
  readonly traceparent?: string;
}

export type DeliveryState = 'OUTSTANDING' | 'FETCHED' | 'TAKEN' | 'PARKED' | 'DEAD' | 'WITHDRAWN' | 'PURGED';

/** One line of `GET /v1/inbox`: the event of Kafka plus what only the mutually authenticated inbox may say. */
export interface InboxItem {
  readonly sequence: number;
  readonly caseSequence: number | null;
  readonly state: DeliveryState;
  readonly messageId: string;
  /** Exact contract, e.g. `nl.lvv.ind-dossier-part.v1`; absent on a tombstone. */
  readonly contract?: string;
  readonly event: NotificationEvent;
}

export interface InboxPage {
  readonly items: readonly InboxItem[];
  /** Pass as `after` for the next page. */
  readonly next: number;
  /** Highest sequence given to this recipient so far. */
  readonly highest: number;
}

/** Extracts the message id that a notification's `dataref` names. Throws on any other form. */
export function messageIdOf(event: NotificationEvent): string {
  const match = /\/v1\/messages\/([0-9a-f-]{36})\/content$/.exec(event.dataref);
  if (!match?.[1]) throw new Error('dataref does not name a message');
  return match[1];
}
