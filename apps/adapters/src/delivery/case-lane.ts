import { messageIdOf, type InboxItem, type NotificationEvent } from '#messaging/event.js';
import type { Logger } from 'pino';
import { errorCode } from '../error-code.js';
import type { AckQueue } from './ack-queue.js';
import type { AdapterState } from './adapter-state.js';
import { untilItWorks, type Backoff } from './backoff.js';
import { parked, passed, turnOf, type CasePosition } from './case-order.js';
import type { FailureCode } from './failure-code.js';
import type { InboxItems } from './inbox-items.js';
import type { MessageDelivery } from './message-delivery.js';
import type { Outstanding } from './outstanding.js';

/** A notification as it came in, from Kafka or from the inbox. */
export interface Notice {
  readonly event: NotificationEvent;
  /** Inbox line, when the notice came from there. */
  readonly item?: InboxItem;
}

export interface LaneParts {
  readonly state: AdapterState;
  readonly items: InboxItems;
  readonly outstanding: Outstanding;
  readonly delivery: MessageDelivery;
  readonly acks: AckQueue;
  readonly backoff: Backoff;
  readonly log: Logger;
}

interface Waiting {
  notice: Notice;
  readonly settled: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[];
}

/** One case (or one message without a case): strictly one after the other, in the order of `casesequence`. */
export class CaseLane {
  private readonly waiting = new Map<number, Waiting>();
  private position: CasePosition;

  constructor(
    private readonly key: string,
    private readonly parts: LaneParts,
    private readonly signal: AbortSignal,
  ) {
    this.position = parts.state.position(key);
  }

  /** Resolves once the message is taken, gone or parked; a double of a waiting message shares its outcome. */
  offer(notice: Notice): Promise<void> {
    return new Promise((resolve, reject) => this.add(notice, { resolve, reject }));
  }

  /**
   * Works until nothing waits and then calls `leave` at once, without a turn of the event loop in between. On shutdown,
   * and when a message is given back, everything that waits is rejected, so that no offset moves past it.
   */
  async run(leave: () => void): Promise<void> {
    // Let the pipeline enter this lane in its table before the first step.
    await Promise.resolve();
    try {
      for (let at = this.lowest(); at !== undefined; at = this.lowest()) await this.step(at);
    } catch (error) {
      for (const one of this.waiting.values()) for (const { reject } of one.settled) reject(error);
      this.waiting.clear();
    } finally {
      leave();
    }
  }

  private add(notice: Notice, ...settled: Waiting['settled']): void {
    const at = Number(notice.event.casesequence ?? 1);
    const known = this.waiting.get(at);
    if (!known) this.waiting.set(at, { notice, settled });
    else {
      known.settled.push(...settled);
      // The inbox says more than Kafka, and later more than earlier.
      if (notice.item) known.notice = notice;
    }
  }

  private lowest(): number | undefined {
    return this.waiting.size === 0 ? undefined : Math.min(...this.waiting.keys());
  }

  private async step(at: number): Promise<void> {
    const { notice } = this.waiting.get(at) as Waiting;
    const { state, log } = this.parts;
    const turn = turnOf(this.position, at);
    // Before anything is read: once recorded, the inbox no longer calls it outstanding, and not before.
    if (state.isPending(messageIdOf(notice.event)) || state.hasUnrecordedFailure(this.key)) return this.settle(at);
    if (turn === 'DONE' && !notice.item) return this.settle(at);

    const fresh = turn === 'DONE' || this.position.parkedAt !== undefined;
    const item = await this.itemOf(notice, fresh);
    if (!item) {
      log.error(
        { messageId: messageIdOf(notice.event), sequence: notice.event.sequence },
        'the inbox does not know this notification',
      );
      return this.settle(at);
    }
    if (item.state === 'PARKED' || item.state === 'DEAD') return this.moveTo(parked(this.position, at), at);
    if (!isDeliverable(item)) return this.moveTo(passed(this.position, at), at);
    if (turn === 'GAP' && (await this.fillGap(at, notice))) return;
    if (turn === 'DONE')
      log.warn({ messageId: item.messageId }, 'the gateway still has this as outstanding: delivered again');
    await this.deliver(item, at);
  }

  /** True when earlier messages turned up: they go first. */
  private async fillGap(at: number, notice: Notice): Promise<boolean> {
    // The inbox is read in ascending order, so what it still had of this case has been offered before.
    if (notice.item && this.position.parkedAt === undefined) return false;
    const { partitionkey, sequence } = notice.event;
    const range = {
      partitionKey: partitionkey,
      from: this.position.last + 1,
      to: at - 1,
      beforeSequence: Number(sequence),
    };
    const missing = await this.patiently(() => this.parts.outstanding.missing(range));
    const due = missing.filter((item) => isDeliverable(item));
    for (const item of due) this.add({ event: item.event, item });
    if (due.length > 0) this.parts.log.info({ found: due.length, sequence }, 'fetched what was missing of a case');
    return due.length > 0;
  }

  private async deliver(item: InboxItem, at: number): Promise<void> {
    const outcome = await this.parts.delivery.deliver(item, this.signal);
    if (outcome.kind === 'FAILED') return this.park(item, at, outcome.code);
    if (outcome.kind === 'GONE') return this.moveTo(passed(this.position, at), at);
    const taken = { messageId: item.messageId, status: 'taken' } as const;
    await this.moveTo(passed(this.position, at), at, taken);
  }

  private async park(item: InboxItem, at: number, code: FailureCode): Promise<void> {
    const { messageId, contract } = item;
    this.parts.log.error({ messageId, contract, code }, 'message handed back as failed; its case is parked for us');
    await this.moveTo(parked(this.position, at), at, { messageId, status: 'failed', code });
  }

  private async moveTo(
    position: CasePosition,
    at: number,
    ack?: { messageId: string; status: 'taken' | 'failed'; code?: string },
  ): Promise<void> {
    // What the system took must be written down even while the adapter stops: hence without the signal.
    await untilItWorks(() => this.parts.state.save(this.key, position, ack), {
      backoff: this.parts.backoff,
      signal: new AbortController().signal,
      onFailure: (error) =>
        this.parts.log.error({ reason: errorCode(error) }, 'adapter state cannot be written, trying again'),
    });
    this.position = position;
    if (ack) this.parts.acks.push({ ...ack, lane: this.key });
    this.settle(at);
  }

  private settle(at: number): void {
    const one = this.waiting.get(at);
    this.waiting.delete(at);
    for (const { resolve } of one?.settled ?? []) resolve();
  }

  private async itemOf({ item, event }: Notice, fresh: boolean): Promise<InboxItem | undefined> {
    if (item && !fresh) return item;
    const found = await this.patiently(() => this.parts.items.bySequence(Number(event.sequence), { fresh }));
    // A topic outlives a restored database: its sequences are then given out again, to other messages.
    return found?.messageId === messageIdOf(event) ? found : undefined;
  }

  private patiently<T>(read: () => Promise<T>): Promise<T> {
    return untilItWorks(read, {
      backoff: this.parts.backoff,
      signal: this.signal,
      onFailure: (error) => this.parts.log.warn({ reason: errorCode(error) }, 'inbox not readable, trying again'),
    });
  }
}

/** To be handed over. A line without a contract is a tombstone: nothing of it may be read any more. */
function isDeliverable(item: InboxItem): boolean {
  return (item.state === 'OUTSTANDING' || item.state === 'FETCHED') && item.contract !== undefined;
}
