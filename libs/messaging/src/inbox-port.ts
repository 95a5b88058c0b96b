import type { InboxItem, InboxPage } from '#messaging/event.js';

/** `GET /v1/inbox` over mutual TLS, as the transports need it. Rejects on any answer but a page. */
export interface InboxClient {
  /** @param waitSeconds how long the gateway may hold the call open when there is nothing yet; 0 answers at once */
  page(after: number, limit: number, waitSeconds: number, state?: 'outstanding'): Promise<InboxPage>;
}

/** Where the inbox was read up to; durable, or everything is read again (which is harmless and slow). */
export interface InboxCursor {
  /** 0 when nothing has been read. */
  load(): Promise<number>;
  save(sequence: number): Promise<void>;
}

/** Whether the item still has to reach the agency. The other states are tombstones that only hold their number. */
export function isDeliverable(item: InboxItem): boolean {
  return item.state === 'OUTSTANDING' || item.state === 'FETCHED';
}
