import type { ContractId } from '#contracts/contract.js';

/** What the gateway answered to an accepted message; `receipt` is its signed statement (JWS). */
export interface Receipt {
  readonly messageId: string;
  readonly caseId: string | null;
  /** RFC 3339. */
  readonly acceptedAt: string;
  readonly receipt: string;
}

interface Entry {
  /** When this system wrote it down, RFC 3339 UTC. */
  readonly at: string;
}

/** A run was started: from now on the people of that run exist for this system. */
export interface PlayEntry extends Entry {
  readonly kind: 'play';
  readonly residents: number;
  readonly seed: number;
}

/** Own fact: this organisation knows a person under its own key. */
export interface PersonEntry extends Entry {
  readonly kind: 'person';
  readonly person: string;
  readonly vNumber: string;
}

/** Own fact: a stay began in this municipality's own administration, whether or not anyone was told of it. */
export interface StayEntry extends Entry {
  readonly kind: 'stay';
  readonly stayId: string;
  readonly person: string;
  readonly stayKind: 'SHELTER' | 'GUIDANCE_ONLY';
  /** Local date. */
  readonly on: string;
}

/** A message for which this system holds a receipt. */
export interface SentEntry extends Entry {
  readonly kind: 'sent';
  readonly contract: ContractId;
  /** Own id: the CloudEvents `id`, the same on every retry. */
  readonly id: string;
  readonly caseId: string | null;
  readonly receipt: Receipt;
  readonly data: Readonly<Record<string, unknown>>;
  /** Own key of the person it is about, where this system has one. */
  readonly person?: string;
}

/** A message that was refused for good: sending the same again would be refused again. */
export interface RefusedEntry extends Entry {
  readonly kind: 'refused';
  readonly contract: ContractId;
  readonly id: string;
  readonly caseId: string | null;
  readonly status: number;
  readonly code: string;
}

/** A message that this system has taken in, once in effect. */
export interface ReceivedEntry extends Entry {
  readonly kind: 'received';
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly contract: ContractId;
  readonly caseid: string | null;
  /** CloudEvents `time` of the message, RFC 3339. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A look into the shared dossier by someone of this organisation. */
export interface ConsultedEntry extends Entry {
  readonly kind: 'consulted';
  readonly id: string;
  readonly caseId: string;
  readonly status: number;
}

export type BookEntry = PlayEntry | PersonEntry | StayEntry | SentEntry | RefusedEntry | ReceivedEntry | ConsultedEntry;
