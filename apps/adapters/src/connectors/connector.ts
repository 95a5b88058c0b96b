import type { ContentEvent } from '../gateway/content.js';

/**
 * The way to the agency's own system. `hand` resolves only when that system has the event for good: the adapter then
 * tells the gateway `taken` and will not offer it again. The system removes doubles on (source, id).
 */
export interface Connector {
  /** @throws SystemUnavailable when the system as a whole cannot be reached; SystemRefused when it refuses this event. */
  hand(event: ContentEvent, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Says nothing about the message: it is offered again until the system is back. */
export class SystemUnavailable extends Error {
  override readonly name = 'SystemUnavailable';
}

/** The system answered and did not take this event. */
export class SystemRefused extends Error {
  override readonly name = 'SystemRefused';
}
