import type { Logger } from 'pino';
import type { NoteVerifier } from '#ledger/verifier-key.js';
import { backoffDelayMs, pause } from '../delivery/backoff.js';
import { Slots } from '../delivery/slots.js';
import { errorCode } from '../error-code.js';
import { GatewayProblem, isTransient } from '../gateway/gateway-errors.js';
import type { Alarms } from './alarms.js';
import type { AccessRecordRef } from './claims.js';
import { judgeProof, type Placed } from './judge-proof.js';
import type { Claim, LogMemory } from './log-memory.js';
import type { LogWatch } from './log-watch.js';

/** `GET /v1/access-log-entries/{id}/inclusion-proof`; GatewayClient is the real one. */
export interface ProofSource {
  /** @throws GatewayProblem (404 NOT_SEQUENCED_YET among them), GatewayUnreachable */
  inclusionProof(recordId: string): Promise<unknown>;
}

/** A minute of records at full speed. */
const WAITING_MAX = 50_000;
/** The log grows at least once a second: asking sooner is asking twice. */
const FIRST_ASK_MS = 2_000;
const TICK_MS = 250;
const AT_ONCE = 4;
const BATCH = 200;
const SAMPLE = 3;
/** Without any answer of the gateway about the record: it gets this many times as long. */
const UNREACHABLE_FACTOR = 10;
const OVERDUE_BACKOFF = { firstDelayMs: 10_000, maxDelayMs: 600_000 };

export interface DemandParts {
  readonly gateway: ProofSource;
  readonly watch: Pick<LogWatch, 'confirm' | 'look'>;
  readonly memory: LogMemory;
  readonly alarms: Alarms;
  readonly verifiers: readonly NoteVerifier[];
  readonly withinMs: number;
  readonly sampleEveryMs: number;
  readonly log: Logger;
}

interface Course {
  attempt: number;
  /** Answers since it was overdue: from the first of them on it is asked for less and less often. */
  overdue: number;
  nextAt: number;
  /** A good proof that waits until the watch has seen as much, and since when it does. */
  placed?: { readonly proof: Placed; readonly at: number };
}

type Outcome =
  | 'proven'
  | {
      readonly waitsFor: string;
      /** Whether the gateway said anything about the record; if not, the fault may be the line, or its load. */
      readonly answered: boolean;
      /** What is late by its own clock: a demand that had to wait here for its first turn is not late by that. */
      readonly since?: number;
    };

/**
 * Demands the inclusion proof of every record that the gateway says it made about this agency's calls, beside the
 * deliveries and never before them. What has no proof in time is named in an alarm; asking goes on.
 */
export class ProofDemands {
  private readonly courses = new Map<string, Course>();
  private readonly slots = new Slots(AT_ONCE);
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private sampleAt: number;
  private proven = 0;
  private undemanded = 0;

  constructor(private readonly parts: DemandParts) {
    this.sampleAt = Date.now() + parts.sampleEveryMs;
  }

  get figures(): Readonly<Record<'waiting' | 'proven' | 'undemanded', number>> {
    return { waiting: this.parts.memory.demands().size, proven: this.proven, undemanded: this.undemanded };
  }

  /** Returns at once. */
  demand({ id, digest }: AccessRecordRef, messageId?: string): void {
    const { memory, log } = this.parts;
    if (memory.demands().has(id)) return;
    if (memory.demands().size >= WAITING_MAX) {
      if (this.undemanded === 0)
        log.error({ waiting: WAITING_MAX }, 'too many proofs are waited for; no more are demanded');
      this.undemanded += 1;
      return;
    }
    const claim = { recordId: id, digest, ...(messageId !== undefined && { messageId }), at: Date.now() };
    memory.await(claim).catch((error: unknown) => log.error({ reason: errorCode(error) }, 'a demand is not stored'));
  }

  start(): void {
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const now = Date.now();
      if (now >= this.sampleAt) await this.sampleOlder(now);
      const due = this.due(now);
      await Promise.all(due.map((claim) => this.slots.use(() => this.pursue(claim))));
      if (due.length < BATCH) await pause(TICK_MS, signal).catch(() => undefined);
    }
  }

  private due(now: number): Claim[] {
    const due: Claim[] = [];
    for (const claim of this.parts.memory.demands().values()) {
      const at = this.courses.get(claim.recordId)?.nextAt ?? claim.at + this.firstAskMs;
      // Further ahead than anything is ever put off: our clock was ahead when this was noted, and has been put right.
      if (at <= now || at > now + OVERDUE_BACKOFF.maxDelayMs) due.push(claim);
      if (due.length === BATCH) break;
    }
    return due;
  }

  private get firstAskMs(): number {
    return Math.min(FIRST_ASK_MS, this.parts.withinMs / 4);
  }

  /** A proven record is demanded anew: what was true then must be true now. */
  private async sampleOlder(now: number): Promise<void> {
    const { memory, sampleEveryMs } = this.parts;
    this.sampleAt = now + sampleEveryMs;
    for (let nth = 0; nth < SAMPLE; nth += 1) {
      const claim = memory.sample(now);
      if (claim && !memory.demands().has(claim.recordId)) await memory.await({ ...claim, at: now });
    }
  }

  private async pursue(claim: Claim): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const { memory, alarms, withinMs, log } = this.parts;
    const course = this.courses.get(claim.recordId) ?? { attempt: 0, overdue: 0, nextAt: 0 };
    this.courses.set(claim.recordId, course);
    course.attempt += 1;
    try {
      const outcome = await this.ask(claim, course);
      if (outcome === 'proven') {
        this.courses.delete(claim.recordId);
        this.proven += 1;
        await memory.settle(claim);
        return await alarms.withdraw('PROOF_MISSING', claim.recordId);
      }
      const age = Date.now() - (outcome.since ?? claim.at);
      const limit = outcome.answered ? withinMs : withinMs * UNREACHABLE_FACTOR;
      const isOverdue = age > limit;
      if (isOverdue) await this.raise('PROOF_MISSING', claim, outcome.waitsFor);
      const soon = { firstDelayMs: this.firstAskMs / 2, maxDelayMs: withinMs / 6 };
      // A gateway that was away has not refused anything: it is asked again as soon as one that is there.
      course.overdue = isOverdue && outcome.answered ? course.overdue + 1 : 0;
      const delayMs =
        course.overdue > 0 ? backoffDelayMs(course.overdue, OVERDUE_BACKOFF) : backoffDelayMs(course.attempt, soon);
      course.nextAt = Date.now() + delayMs;
    } catch (error) {
      log.error({ err: error }, 'a proof could not be judged');
      course.nextAt = Date.now() + backoffDelayMs(course.attempt, OVERDUE_BACKOFF);
    }
  }

  private async ask(claim: Claim, course: Course): Promise<Outcome> {
    const { gateway, watch, verifiers } = this.parts;
    try {
      if (!course.placed) {
        const verdict = judgeProof(claim, await gateway.inclusionProof(claim.recordId), verifiers);
        if (verdict.kind !== 'placed') {
          await this.raise(verdict.kind, claim, verdict.detail, verdict.evidence);
          return { waitsFor: verdict.kind, answered: true };
        }
        course.placed = { proof: verdict, at: Date.now() };
      }
      const { proof, at } = course.placed;
      const folder = `epochs/${proof.epoch}/`;
      switch (await watch.confirm(folder, proof)) {
        case 'confirmed':
          return 'proven';
        case 'ahead':
          // The watch sees it by itself in its next rounds, unless it is of an epoch that has ended.
          if (course.attempt > 2) await watch.look(folder);
          return { waitsFor: 'CHECKPOINT_NOT_SEEN', answered: true, since: at };
        case 'differs':
          delete course.placed;
          await this.raise('PROOF_INVALID', claim, 'its checkpoint is not of the history that was seen');
          return { waitsFor: 'PROOF_INVALID', answered: true };
      }
    } catch (error) {
      return { waitsFor: errorCode(error), answered: error instanceof GatewayProblem && !isTransient(error) };
    }
  }

  private raise(
    kind: 'PROOF_MISSING' | 'ENTRY_CHANGED' | 'PROOF_INVALID',
    { recordId, messageId }: Claim,
    detail: string,
    evidence?: readonly string[],
  ): Promise<void> {
    const about = { recordId, ...(messageId !== undefined && { messageId }), detail, ...(evidence && { evidence }) };
    return this.parts.alarms.raise(kind, recordId, about);
  }
}
