import { ShiftableClock } from '../clock.js';
import { OwnTicketKeys, type TicketKeys } from '../peers/ticket-keys.js';
import type { ListenerName } from './messages.js';

/** What processes that share a port have in common; a process by itself has its own. */
export interface Place {
  readonly clock: ShiftableClock;
  readonly ticketKeys: Readonly<Record<ListenerName, TicketKeys>>;
}

/** The place of a process that has its port to itself. @param caseClockAt RFC 3339; null: real time */
export function ownPlace(caseClockAt: string | null): Place {
  return {
    clock: new ShiftableClock(caseClockAt),
    ticketKeys: { agencies: new OwnTicketKeys(), public: new OwnTicketKeys() },
  };
}
