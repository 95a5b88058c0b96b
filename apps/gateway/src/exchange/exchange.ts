import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import { localDateAt } from '../cases/calendar.js';
import type { CaseClock } from '../clock.js';
import type { DeliverySignal } from '../delivery/delivery-signal.js';
import type { DemoFaults } from '../delivery/demo-faults.js';
import { Inbox, type InboxRequest, type InTurn } from '../delivery/inbox.js';
import type { NotificationOrigin } from '../delivery/notification-event.js';
import { GatewayError } from '../errors.js';
import type { TraceContext } from '../trace-context.js';
import { stepped } from '../tracing/tracing.js';
import type { Peer } from '../peers/peer.js';
import type { Policy } from '../policy/policy.js';
import type { AcceptItem, AcceptResult, DueTimer, Refusal } from './accept/accept-types.js';
import { acceptor } from './accept/accept.js';
import type { AcceptParts } from './accept/batch-work.js';
import { checkSenderSignature } from './accept/sender-signature.js';
import { readSubmission, type SeenSoFar } from './accept/submission.js';
import { messagesAccepted } from '../metrics/gateway-metrics.js';
import { acknowledger, type AcknowledgementRequest, type AcknowledgementResult } from './acknowledge.js';
import { consult, type ConsultRequest, type Consultation } from './consult/consult.js';
import { searchCases } from './consult/search.js';
import type { FoundCase } from './consult/search-decision.js';
import type { SearchRequest } from './consult/search-record.js';
import { discloser, type ContentRequest, type Disclosure } from './disclose/disclose.js';
import { evaluate, type Evaluation, type EvaluationRequest } from './evaluate/evaluate.js';
import {
  endCaseGrant,
  giveCaseGrant,
  type EndGrantRequest,
  type GiveGrantRequest,
  type GrantAnswer,
} from './grants/case-grants.js';
import { FairTurns } from './fair-turns.js';
import { GroupCommit, type GroupCommitLimits } from './group-commit.js';
import { messageStatus, type MessageStatus } from './message-status.js';
import type { Receipt, ReceiptSigner } from './receipt.js';

/** A few milliseconds of requests in one commit; a second one under way once half of it waits, or the first takes long. */
const LIMITS: GroupCommitLimits = {
  maxBatch: 64,
  maxBatchCost: 128,
  maxQueue: 2_000,
  maxQueuePerLane: 1_000,
  maxInFlight: 2,
  besides: { items: 32, afterMs: 30 },
};
/** Reads that no batch gathers; those of the inbox apart, so that a slow search delays nobody's notifications. */
const READS = { atOnce: 2, maxItems: LIMITS.maxQueue, maxItemsPerLane: LIMITS.maxQueuePerLane };
/** A message so much larger costs as much as two: what it takes to read, encrypt and write it. */
const BYTES_PER_COST = 10_000;
/** Lane of what the gateway itself does, and of callers who are nobody it knows. */
const OWN_LANE = 'gateway';
const STRANGERS_LANE = 'strangers';

export interface ExchangeParts extends AcceptParts {
  readonly pool: Pool;
  readonly mode: 'demo' | 'production';
  /** The version in force at the moment of asking: a decision asks once. */
  readonly policy: Policy;
  readonly clock: CaseClock;
  readonly signal: DeliverySignal;
  readonly signer: ReceiptSigner;
  readonly origin: NotificationOrigin;
  readonly demoFaults: DemoFaults | null;
}

/** The spine: every call of the agency interface is one method here. */
export class Exchange {
  private readonly accepting: GroupCommit<AcceptItem, AcceptResult>;
  private readonly disclosing: GroupCommit<ContentRequest, Disclosure>;
  private readonly acknowledging: GroupCommit<AcknowledgementRequest, readonly AcknowledgementResult[]>;
  private readonly looking = new FairTurns(READS);
  private readonly polling = new FairTurns(READS);
  private readonly inboxes: Inbox;

  constructor(private readonly parts: ExchangeParts) {
    const { pool, clock, signal, makeRecord } = parts;
    this.accepting = new GroupCommit(acceptor(pool, parts, clock), LIMITS, 'accept');
    this.disclosing = new GroupCommit(discloser(pool, parts), LIMITS, 'disclose');
    this.acknowledging = new GroupCommit(acknowledger(pool, makeRecord), LIMITS, 'acknowledge');
    const inTurn: InTurn = (lane, read) => this.polling.run(lane, read);
    this.inboxes = new Inbox(pool, signal, parts.origin, makeRecord, inTurn);
  }

  /** `POST /v1/messages`: check, decide, write, sign. A refusal is recorded before it is answered. */
  async submit(peer: Peer, body: Buffer, trace: TraceContext, senderKey: () => KeyObject): Promise<Receipt> {
    const seen: SeenSoFar = { contract: null, caseId: null, purpose: null };
    const { mode, indexKey, register, clock } = this.parts;
    const pilotExists = (code: string): boolean => register.pilotOnDate(code, localDateAt(clock.now())) !== null;
    const begunMs = performance.now();
    const submission = await this.orRefuse(
      async () => {
        const read = readSubmission({ mode, indexKey, pilotExists, now: () => new Date() }, peer, body, trace, seen);
        if ('jws' in read.event) await checkSenderSignature({ ...read.event }, senderKey());
        return read;
      },
      (error) => ({ ...refusal(peer, 'message.submit', error, trace), ...seen }),
    );
    stepped(trace, 'validate', begunMs);
    const result = await this.accepting.submit(submission, peer.oin, 1 + body.length / BYTES_PER_COST);
    if (result.kind !== 'accepted') throw new Error('a submission was neither accepted nor refused');
    messagesAccepted.add({ contract: submission.contract.id, peer_kind: peer.kind });
    const committedMs = performance.now();
    const receipt = this.parts.signer.sign(result.receipt);
    stepped(trace, 'sign receipt', committedMs);
    return receipt;
  }

  content(request: ContentRequest): Promise<Disclosure> {
    return this.disclosing.submit(request, request.peer.oin);
  }

  status(peer: Peer, messageId: string, trace: TraceContext): Promise<MessageStatus> {
    const { pool, makeRecord } = this.parts;
    return this.looking.run(peer.oin, () => messageStatus(pool, makeRecord, peer, messageId, trace));
  }

  inbox(request: InboxRequest) {
    return this.inboxes.page(request);
  }

  acknowledge(request: AcknowledgementRequest): Promise<readonly AcknowledgementResult[]> {
    return this.acknowledging.submit(request, request.peer.oin, 1 + request.acknowledgements.length / 10);
  }

  consult(request: ConsultRequest): Promise<Consultation> {
    return this.looking.run(request.peer.oin, () => consult(this.parts.pool, this.parts, request));
  }

  search(request: SearchRequest): Promise<readonly FoundCase[]> {
    return this.looking.run(request.peer.oin, () => searchCases(this.parts.pool, this.parts, request));
  }

  evaluate(request: EvaluationRequest): Promise<Evaluation> {
    return this.looking.run(request.peer.oin, () => evaluate(this.parts.pool, this.parts, request));
  }

  giveGrant(request: GiveGrantRequest): Promise<GrantAnswer> {
    return this.looking.run(request.peer.oin, () => giveCaseGrant(this.parts.pool, this.parts, request));
  }

  endGrant(request: EndGrantRequest): Promise<GrantAnswer> {
    return this.looking.run(request.peer.oin, () => endCaseGrant(this.parts.pool, this.parts, request));
  }

  /** Runs a check; when it refuses, the record is committed first and the refusal thrown after (G2). */
  async orRefuse<Result>(
    check: () => Result | Promise<Result>,
    record: (error: GatewayError) => Refusal,
  ): Promise<Result> {
    try {
      return await check();
    } catch (error) {
      // A wrong content type is answered before anything is decided: it is no evidence about anyone.
      if (error instanceof GatewayError && error.code !== 'UNSUPPORTED_MEDIA_TYPE')
        await this.recordRefusal(record(error));
      throw error;
    }
  }

  async recordRefusal(refused: Refusal): Promise<void> {
    await this.accepting.submit(
      refused,
      refused.peer.kind === undefined ? STRANGERS_LANE : (refused.peer.oin ?? STRANGERS_LANE),
    );
  }

  async fire(timer: DueTimer): Promise<void> {
    await this.accepting.submit(timer, OWN_LANE);
  }

  /** First step of stopping: long polls answer at once. */
  stopWaiting(): void {
    this.inboxes.stopWaiting();
  }

  /** Requests waiting for their turn in the database. */
  get queueDepth(): number {
    const { accepting, disclosing, acknowledging, looking, polling } = this;
    return [accepting, disclosing, acknowledging, looking, polling].reduce((sum, queue) => sum + queue.depth, 0);
  }

  /** Requests that may wait in one of the queues. */
  get queueLimit(): number {
    return LIMITS.maxQueue;
  }

  async close(): Promise<void> {
    await Promise.all([this.accepting.close(), this.disclosing.close(), this.acknowledging.close()]);
  }
}

/** What the record of a refusal says when nothing more is known. */
export function refusal(peer: Refusal['peer'], action: string, error: GatewayError, trace: TraceContext): Refusal {
  return {
    kind: 'refusal',
    peer,
    action,
    code: error.code,
    reason: error.reason,
    issues: error.extra.issues ?? [],
    contract: null,
    caseId: null,
    purpose: null,
    messageId: null,
    userReference: null,
    trace,
  };
}
