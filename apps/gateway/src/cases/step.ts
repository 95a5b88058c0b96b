import type { ContractId } from '#contracts/contract.js';
import type { CaseState } from '#contracts/domain.js';
import type { ErrorCode } from '../errors.js';
import type { CaseSnapshot, LocalDate, OpenStay } from './case-snapshot.js';
import type { CaseContext, CaseEvent, EmittedMessage, TransitionId } from './transition.js';

/** One event under way through the table: what guards and effects may look at besides the case. */
export interface Step {
  readonly event: CaseEvent;
  readonly ctx: CaseContext;
}

/** The outcome as it grows, row by row. Values are replaced, never changed in place. */
export interface Progress {
  readonly snapshot: CaseSnapshot;
  readonly transitions: readonly TransitionId[];
  /** State of the case after each of `transitions`. */
  readonly statesAfter: readonly CaseState[];
  readonly emit: readonly EmittedMessage[];
  readonly staysStarted: readonly OpenStay[];
  readonly staysEnded: readonly { readonly stayId: string; readonly endedOn: LocalDate }[];
  readonly staysChanged: readonly OpenStay[];
  readonly identityChange: { readonly v_number: string } | null;
}

/** Why an event cannot be. `detail` is English and holds no value of the message. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** Null lets the event pass. */
export type Guard = (progress: Progress, step: Step) => Refusal | null;
export type Effect = (progress: Progress, step: Step) => Progress;
export type Condition = (progress: Progress, step: Step) => boolean;

export type MessageEvent = Extract<CaseEvent, { kind: 'message' }>;

export function refuse(code: ErrorCode, detail: string): Refusal {
  return { code, detail };
}

/** The progress with some members of its snapshot replaced. */
export function withCase(progress: Progress, change: Partial<CaseSnapshot>): Progress {
  return { ...progress, snapshot: { ...progress.snapshot, ...change } };
}

export function withFlags(progress: Progress, flags: Partial<CaseSnapshot['flags']>): Progress {
  return withCase(progress, { flags: { ...progress.snapshot.flags, ...flags } });
}

/** The message of a step. A row on a message never runs for a timer, so anything else is a fault in the table. */
export function messageOf(step: Step): MessageEvent {
  if (step.event.kind !== 'message') throw new Error('a message row was reached by a timer');
  return step.event;
}

/** The V-number of the case as it stands after this event; undefined when only a provisional reference is known. */
export function currentVNumber(progress: Progress, step: Step): string | undefined {
  return progress.identityChange?.v_number ?? step.ctx.identity().v_number;
}

/** One more message that the gateway makes, with an id of its own unless it already has one. */
export function emitting(
  progress: Progress,
  { ctx }: Step,
  contract: ContractId,
  data: object,
  messageId: string = ctx.newId('message'),
): Progress {
  return { ...progress, emit: [...progress.emit, { contract, messageId, data: { ...data } }] };
}
