import type { ContractId } from '#contracts/contract.js';
import type { CaseState, PeerKind } from '#contracts/domain.js';
import type { ErrorCode } from '../errors.js';
import type { CaseIdentity, CaseSnapshot, Instant, LocalDate, OpenStay, TimerKind } from './case-snapshot.js';

/** Row ids of the case process table (domain 2.5). */
export type TransitionId = `T${number}${number}` | `T${number}${number}b`;

/** What happened: an accepted-so-far message, or a clock event of the gateway itself. */
export type CaseEvent =
  | {
      readonly kind: 'message';
      readonly contract: ContractId;
      readonly messageId: string;
      readonly sender: { readonly oin: string; readonly kind: PeerKind };
      /** Payload, already valid against its contract. */
      readonly data: Readonly<Record<string, unknown>>;
      /** For M28, M29, M30, M40: the message that `target_message_id` names, if it belongs to this case. */
      readonly target?: { readonly messageId: string; readonly contract: ContractId; readonly senderOin: string };
    }
  | { readonly kind: 'timer'; readonly timer: TimerKind };

/** What a guard may look at besides the snapshot. All read before, under lock. */
export interface CaseContext {
  /** Case clock. */
  readonly now: Instant;
  /** Local date of `now` in Europe/Amsterdam. */
  readonly today: LocalDate;
  /** Effective-dated register data of the case's pilot on `today`. */
  readonly pilot: PilotOnDate;
  /** Other open cases of the same person (other pilots too), for T01 and INV-6. */
  readonly otherCases: readonly {
    readonly caseId: string;
    readonly pilot: string;
    readonly openShelter: boolean;
    readonly open: boolean;
  }[];
  /** OINs by kind of the national parties: IND, DTV, COA, AVIM. */
  readonly national: Readonly<Partial<Record<PeerKind, string>>>;
  readonly identity: () => CaseIdentity;
  /** New ids (UUIDv7 for messages, v4 otherwise), injected so that the process stays pure. */
  readonly newId: (kind: 'message' | 'other') => string;
  /** The next readable case number of the pilot; only T01 asks for it, so that a refusal uses none up. */
  readonly nextCaseNumber?: () => string;
  /** Routes that need a configured basis and have one, as `M02:AVIM`. Without it such a kind never becomes a party. */
  readonly routeBases?: ReadonlySet<string>;
}

export interface PilotOnDate {
  readonly code: string;
  readonly municipalityOin: string;
  readonly covenantId: string | null;
  readonly policy: Readonly<Record<string, unknown>>;
}

/** A message that the gateway itself makes as a consequence, in the same transaction. */
export interface EmittedMessage {
  readonly contract: ContractId;
  readonly messageId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type CaseOutcome =
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string }
  | {
      readonly ok: true;
      readonly next: CaseSnapshot;
      /** Empty for messages that change nothing (M40 RECEIVED, for example). */
      readonly transitions: readonly TransitionId[];
      /** State of the case after each of them: one event can take it through several. */
      readonly statesAfter: readonly CaseState[];
      readonly emit: readonly EmittedMessage[];
      /** Stays begun or ended by this event, for the stay table (INV-1, INV-6). */
      readonly staysStarted: readonly OpenStay[];
      readonly staysEnded: readonly { readonly stayId: string; readonly endedOn: LocalDate }[];
      /** Open stays whose kind changed (M41 KIND_CHANGED): the stay table must follow, or INV-6 is checked on old kinds. */
      readonly staysChanged?: readonly OpenStay[];
      /** A corrected V-number (M02 after UNKNOWN or MISMATCH, M03 MERGED_TO): the encrypted identity must follow. */
      readonly identityChange?: { readonly v_number: string };
    };
