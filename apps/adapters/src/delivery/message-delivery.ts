import { DeliveryFailure } from '#messaging/delivery-failure.js';
import type { InboxItem } from '#messaging/event.js';
import type { Logger } from 'pino';
import { SystemRefused, SystemUnavailable, type Connector } from '../connectors/connector.js';
import type { ContentEvent } from '../gateway/content.js';
import { GatewayProblem, isTransient } from '../gateway/gateway-errors.js';
import { backoffDelayMs, pause, type Backoff } from './backoff.js';
import type { FailureCode } from './failure-code.js';
import type { Gate } from './gate.js';
import type { ContentSource } from './gateway-port.js';
import type { Slots } from './slots.js';

/** Content is fetched again when it has waited this long: it may have been withdrawn or corrected meanwhile. */
const CONTENT_FRESH_MS = 60_000;
/**
 * A message that neither succeeds nor fails is given back to its transport after this long, and offered again with what
 * came in meanwhile. Transports wait for all they have offered: one message on which the system breaks would otherwise
 * hold up every other, and without others it never shows that the message is the reason.
 */
const HOLD_MS = 30_000;
/** Messages given back whose failures are remembered; more at once are an outage, in which nothing counts. */
const MAX_TROUBLED = 1_000;

export type Outcome =
  { readonly kind: 'TAKEN' } | { readonly kind: 'GONE' } | { readonly kind: 'FAILED'; readonly code: FailureCode };

export interface DeliveryParts {
  readonly gateway: ContentSource;
  readonly connector: Connector;
  readonly gatewayGate: Gate;
  readonly systemGate: Gate;
  readonly slots: Slots;
  /** Told of the record that the gateway made of a disclosure to us; returns at once. */
  readonly onRecord?: (record: { readonly id: string; readonly digest: string }, messageId: string) => void;
  /** Purpose of use per exact contract, from the agency's configuration. */
  readonly purposes: ReadonlyMap<string, string>;
  /** Failures that are the message's own, after which it is handed back as failed. */
  readonly tries: number;
  readonly backoff: Backoff;
  /** After this many milliseconds without an outcome a message is given back; half a minute when left out. */
  readonly holdMs?: number;
  readonly log: Logger;
}

/** How often a message was itself the reason, and what the system had taken in all at its last try. */
interface Trouble {
  failures: number;
  takenAtLastTry: number;
}

interface Fetched {
  readonly event: ContentEvent;
  readonly at: number;
}

/** Content between two tries, so that a retry is not another disclosure. */
interface Held {
  content?: Fetched;
}

type Attempt =
  | Outcome
  | {
      readonly kind: 'AGAIN';
      readonly reason: string;
      readonly code: FailureCode | null;
      readonly unavailable: boolean;
    };

/** Brings one message to the agency's system: fetch with a purpose, hand over, try again where that can help. */
export class MessageDelivery {
  private takenCount = 0;
  private readonly troubled = new Map<string, Trouble>();

  constructor(private readonly parts: DeliveryParts) {}

  get taken(): number {
    return this.takenCount;
  }

  /**
   * @throws DeliveryFailure, retryable, when the system or the gateway stayed away from this message too long; and what
   * `signal` stops it with. The message is then still outstanding.
   */
  async deliver(item: InboxItem, signal: AbortSignal): Promise<Outcome> {
    const { slots, tries, backoff, holdMs = HOLD_MS, log } = this.parts;
    const { messageId, contract } = item;
    const purpose = this.parts.purposes.get(contract ?? '');
    if (purpose === undefined) return { kind: 'FAILED', code: 'PURPOSE_NOT_CONFIGURED' };
    const held: Held = {};
    const trouble = this.troubleOf(messageId);
    const giveBackAt = performance.now() + holdMs;
    for (let attempt = 1; ; attempt++) {
      const result = await slots.use(() => this.attempt(item, purpose, held, signal));
      if (result.kind !== 'AGAIN') return result;
      // A system that is down says nothing about the message, unless it took others meanwhile: then it is this message.
      const counts = result.code !== null && (!result.unavailable || this.takenCount > trouble.takenAtLastTry);
      trouble.takenAtLastTry = this.takenCount;
      if (counts) trouble.failures++;
      const { failures } = trouble;
      log.warn({ messageId, contract, attempt, failures, reason: result.reason }, 'not delivered, trying again');
      if (result.code !== null && failures >= tries) return { kind: 'FAILED', code: result.code };
      if (performance.now() > giveBackAt) {
        this.remember(messageId, trouble);
        throw new DeliveryFailure({ retryable: true, code: 'STILL_UNAVAILABLE' });
      }
      await pause(backoffDelayMs(attempt, backoff), signal);
    }
  }

  private troubleOf(messageId: string): Trouble {
    const known = this.troubled.get(messageId);
    this.troubled.delete(messageId);
    return known ?? { failures: 0, takenAtLastTry: this.takenCount };
  }

  private remember(messageId: string, trouble: Trouble): void {
    const [oldest] = this.troubled.keys();
    if (this.troubled.size >= MAX_TROUBLED && oldest !== undefined) this.troubled.delete(oldest);
    this.troubled.set(messageId, trouble);
  }

  private async attempt(item: InboxItem, purpose: string, held: Held, signal: AbortSignal): Promise<Attempt> {
    await this.parts.gatewayGate.pass(signal);
    await this.parts.systemGate.pass(signal);
    if (!held.content || Date.now() - held.content.at > CONTENT_FRESH_MS) {
      const answer = await this.fetch(item, purpose, signal);
      if ('kind' in answer) return answer;
      held.content = answer;
    }
    return this.hand(held.content.event, signal);
  }

  private async fetch(item: InboxItem, purpose: string, signal: AbortSignal): Promise<Fetched | Attempt> {
    const { gateway, gatewayGate, log } = this.parts;
    try {
      const { event, accessRecord } = await gateway.content(item.messageId, purpose, item.event.traceparent, signal);
      gatewayGate.answered();
      this.parts.onRecord?.(accessRecord, item.messageId);
      return { event, at: Date.now() };
    } catch (error) {
      signal.throwIfAborted();
      if (isTransient(error)) {
        gatewayGate.refused();
        return { kind: 'AGAIN', reason: (error as Error).message, code: null, unavailable: true };
      }
      if (error instanceof GatewayProblem && error.status === 410) return { kind: 'GONE' };
      const code = error instanceof GatewayProblem ? error.code : 'UNKNOWN';
      log.error(
        { messageId: item.messageId, contract: item.contract, code },
        'the gateway does not release this content to us',
      );
      return { kind: 'FAILED', code: 'CONTENT_REFUSED' };
    }
  }

  private async hand(event: ContentEvent, signal: AbortSignal): Promise<Attempt> {
    const { connector, systemGate } = this.parts;
    try {
      await connector.hand(event, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SystemUnavailable) {
        systemGate.refused();
        return { kind: 'AGAIN', reason: error.message, code: 'SYSTEM_UNAVAILABLE', unavailable: true };
      }
      const reason = error instanceof SystemRefused ? error.message : 'connector failed';
      return { kind: 'AGAIN', reason, code: 'SYSTEM_REFUSED', unavailable: false };
    }
    systemGate.answered();
    this.takenCount++;
    return { kind: 'TAKEN' };
  }
}
