import type { ContractId } from '#contracts/contract.js';
import type { CaseState, PeerKind } from '#contracts/domain.js';
import type { CaseSnapshot, TimerKind } from './case-snapshot.js';
import type { Condition, Effect, Guard } from './step.js';
import type { TransitionId } from './transition.js';

export type Trigger =
  | { readonly on: 'message'; readonly contract: ContractId; readonly senders: readonly PeerKind[] }
  | { readonly on: 'timer'; readonly timer: TimerKind }
  /** Follows in the same outcome from one of these messages; `makes` names the message that the gateway then posts. */
  | { readonly on: 'automatic'; readonly after: readonly ContractId[]; readonly makes?: ContractId };

/** One row of the table of domain 2.5. `none`: the message is recorded in the case and moves nothing. */
export interface TransitionRow {
  readonly id: TransitionId | 'none';
  readonly from: readonly CaseState[] | 'NONE';
  readonly trigger: Trigger;
  /** Chooses among rows of the same trigger and state; the first that holds is taken. */
  readonly when?: Condition;
  readonly guards: readonly Guard[];
  readonly effects: readonly Effect[];
  readonly to: CaseState | 'SAME' | ((snapshot: CaseSnapshot) => CaseState);
  /** Messages that the gateway makes in this row, beside `makes`. */
  readonly emits?: readonly ContractId[];
  /** Who hears of it, for readers of the table; the catalogue's routes decide. */
  readonly notifies: readonly (PeerKind | 'SUPPLIER' | 'PAST_RECIPIENTS')[];
}
