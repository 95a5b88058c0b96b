import { BaseRpcContext } from '@nestjs/microservices';
import type { InboxItem, NotificationEvent } from '#messaging/event.js';

export type TransportName = 'kafka' | 'inbox';

/** A notification on its way in, with the inbox line when it came by that road. */
export interface Incoming {
  readonly event: NotificationEvent;
  readonly item?: InboxItem;
}

/** What a handler gets with `@Ctx()`, next to the event with `@Payload()`. */
export class NotificationContext extends BaseRpcContext<[TransportName, Incoming, number]> {
  /** @param attempt which try of this process this is, from 1 */
  constructor(
    readonly transport: TransportName,
    private readonly incoming: Incoming,
    readonly attempt: number,
  ) {
    super([transport, incoming, attempt]);
  }

  get event(): NotificationEvent {
    return this.incoming.event;
  }

  /** Only by way of the inbox. */
  get item(): InboxItem | undefined {
    return this.incoming.item;
  }

  /** The exact contract; only the inbox says it. */
  get contract(): string | undefined {
    return this.item?.contract;
  }

  /** Per recipient, from 1, without gaps. */
  get sequence(): number {
    return Number(this.event.sequence);
  }

  /** Per recipient and case, from 1, without gaps; null for a message without a case. */
  get caseSequence(): number | null {
    return this.event.casesequence === undefined ? null : Number(this.event.casesequence);
  }
}
