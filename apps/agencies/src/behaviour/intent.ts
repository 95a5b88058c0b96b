import type { ContractId } from '#contracts/contract.js';
import type { BookEntry } from '../book/book-entry.js';
import type { BookView } from '../book/book-view.js';

/** Own fact that is written down before the outside world is told, as a real administration would. */
export type OwnFact =
  | { readonly kind: 'person'; readonly person: string; readonly vNumber: string }
  | {
      readonly kind: 'stay';
      readonly stayId: string;
      readonly person: string;
      readonly stayKind: 'SHELTER' | 'GUIDANCE_ONLY';
      readonly on: string;
    };

export interface SendIntent {
  readonly kind: 'send';
  /** The same after every restart: built from the run's person or from the message that is answered. */
  readonly id: string;
  readonly contract: ContractId;
  readonly caseId: string | null;
  readonly data: object;
  readonly person?: string;
  readonly fact?: OwnFact;
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

/** Someone of the organisation opens the shared dossier of a case. */
export interface ConsultIntent {
  readonly kind: 'consult';
  readonly id: string;
  readonly caseId: string;
  readonly purpose: string;
  readonly dueAt: number;
}

export type Intent = SendIntent | ConsultIntent;

/** Reads the time at which something is due: milliseconds of unhurried work after an entry, scaled by the pace. */
export type DueAt = (entry: BookEntry, id: string, work: WorkTime) => number;

/** Shortest and longest time that a piece of work takes at pace 1. */
export interface WorkTime {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * What one kind of organisation does upon a new line in its book. Pure: the same book gives the same intents with the
 * same ids, which makes a restart and a retry harmless.
 */
export type Behaviour = (entry: BookEntry, view: BookView, dueAt: DueAt) => readonly Intent[];
