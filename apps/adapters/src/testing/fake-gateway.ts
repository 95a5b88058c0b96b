import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { DeliveryState, InboxItem, InboxPage, NotificationEvent } from '#messaging/event.js';
import type { InboxClient } from '#messaging/inbox-port.js';
import type { AcknowledgementSink, ContentSource } from '../delivery/gateway-port.js';
import type { Acknowledgement, AcknowledgementResult, Content } from '../gateway/content.js';
import { GatewayProblem, GatewayUnreachable } from '../gateway/gateway-errors.js';

export const DOSSIER_PART = 'nl.lvv.ind-dossier-part.v1';
export const OIN_OF_GATEWAY = '00000099000000000001';

interface Row {
  readonly sequence: number;
  readonly caseSequence: number | null;
  readonly partitionKey: string;
  readonly messageId: string;
  readonly event: NotificationEvent;
  state: DeliveryState;
  failureCode?: string | undefined;
}

/** One recipient's side of the gateway, in memory, with the wire shapes and the parking rules of the real one. */
export class FakeGateway implements InboxClient, ContentSource, AcknowledgementSink {
  readonly rows: Row[] = [];
  readonly acknowledged: Acknowledgement[] = [];
  readonly fetched: { readonly messageId: string; readonly purpose: string }[] = [];
  pagesRead = 0;
  /** Set to make every call fail as if nothing listened. */
  down = false;
  /** Refuses acknowledgements only, as a gateway does whose database is away. */
  acknowledgementsDown = false;

  /** Accepts a message for a case and gives it its numbers; what Kafka would carry comes back. */
  accept(caseKey: string | null): NotificationEvent {
    const earlier = this.rows.filter((row) => row.partitionKey === caseKey);
    const messageId = uuidv7();
    const sequence = this.rows.length + 1;
    const caseSequence = caseKey === null ? null : earlier.length + 1;
    const partitionKey = caseKey ?? `lone-${sequence}`;
    const event: NotificationEvent = {
      specversion: '1.0',
      id: randomUUID(),
      source: `urn:nld:oin:${OIN_OF_GATEWAY}:ketenpoort`,
      type: 'nl.lvv.dossier-part.v1',
      time: new Date().toISOString(),
      dataref: `https://localhost/v1/messages/${messageId}/content`,
      sequence: String(sequence),
      ...(caseSequence === null ? {} : { casesequence: String(caseSequence) }),
      partitionkey: partitionKey,
    };
    const blocked = earlier.some((row) => row.state === 'PARKED' || row.state === 'DEAD');
    this.rows.push({
      sequence,
      caseSequence,
      partitionKey,
      messageId,
      event,
      state: blocked ? 'PARKED' : 'OUTSTANDING',
    });
    return event;
  }

  /** `A1`: first message of case A. */
  nameOf(messageId: string): string {
    const row = this.rowOf(messageId);
    return `${row.partitionKey}${row.caseSequence ?? ''}`;
  }

  stateOf(event: NotificationEvent | undefined): DeliveryState {
    return this.rowOfEvent(event).state;
  }

  /** An operator's decision on a parked message: offer it again, or pass over it. The case goes on. */
  release(event: NotificationEvent | undefined, decision: 'REDRIVE' | 'SKIP'): void {
    const row = this.rowOfEvent(event);
    row.state = decision === 'REDRIVE' ? 'OUTSTANDING' : 'DEAD';
    row.failureCode = undefined;
    for (const later of this.rows) {
      if (later.partitionKey === row.partitionKey && later.sequence > row.sequence && later.state === 'PARKED')
        later.state = 'OUTSTANDING';
    }
  }

  withdraw(event: NotificationEvent | undefined): void {
    this.rowOfEvent(event).state = 'WITHDRAWN';
  }

  async page(after: number, limit: number, _waitSeconds: number, state?: 'outstanding'): Promise<InboxPage> {
    this.answerOrFail();
    this.pagesRead++;
    const shown = this.rows.filter((row) => row.sequence > after && (!state || isOpen(row.state))).slice(0, limit);
    const page = { items: shown.map(itemOf), next: shown.at(-1)?.sequence ?? after, highest: this.rows.length };
    await Promise.resolve();
    return page;
  }

  async content(messageId: string, purpose: string): Promise<Content> {
    this.answerOrFail();
    const row = this.rowOf(messageId);
    if (row.state === 'WITHDRAWN') throw new GatewayProblem(410, 'WITHDRAWN', { status: 410 }, undefined);
    if (row.state === 'OUTSTANDING') row.state = 'FETCHED';
    this.fetched.push({ messageId, purpose });
    await Promise.resolve();
    const event = {
      specversion: '1.0' as const,
      id: `original-${messageId}`,
      source: 'urn:nld:oin:00000099000000000301:ind',
      type: DOSSIER_PART,
      time: '2026-11-02T09:00:00Z',
      data: { name: this.nameOf(messageId) },
    };
    return { event, released: ['FG01'], withheld: [], accessRecord: { id: randomUUID(), digest: 'd' } };
  }

  async acknowledge(acknowledgements: readonly Acknowledgement[]): Promise<readonly AcknowledgementResult[]> {
    this.answerOrFail();
    if (this.acknowledgementsDown) throw new GatewayProblem(503, 'LOG_UNAVAILABLE', { status: 503 }, 1);
    await Promise.resolve();
    return acknowledgements.map((one) => {
      this.acknowledged.push(one);
      const row = this.rowOf(one.messageId);
      if (one.status === 'taken') row.state = 'TAKEN';
      else this.park(row, one.code);
      return { messageId: one.messageId, status: 'recorded' };
    });
  }

  private park(row: Row, code: string | undefined): void {
    row.failureCode = code;
    for (const one of this.rows) {
      if (one.partitionKey === row.partitionKey && one.sequence >= row.sequence && isOpen(one.state))
        one.state = 'PARKED';
    }
  }

  private rowOf(messageId: string): Row {
    const row = this.rows.find((one) => one.messageId === messageId);
    if (!row) throw new GatewayProblem(404, 'CASE_NOT_AVAILABLE', { status: 404 }, undefined);
    return row;
  }

  private rowOfEvent(event: NotificationEvent | undefined): Row {
    const row = this.rows.find((one) => one.event.id === event?.id);
    if (!row) throw new Error('no such event in this test');
    return row;
  }

  private answerOrFail(): void {
    if (this.down) throw new GatewayUnreachable('ECONNREFUSED');
  }
}

function isOpen(state: DeliveryState): boolean {
  return state === 'OUTSTANDING' || state === 'FETCHED';
}

function itemOf({ sequence, caseSequence, state, messageId, event }: Row): InboxItem {
  const contract = state === 'WITHDRAWN' || state === 'PURGED' ? {} : { contract: DOSSIER_PART };
  return { sequence, caseSequence, state, messageId, ...contract, event };
}
