import type { Contract } from '#contracts/contract.js';
import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import type { CaseSnapshot, TimerKind } from '../../cases/case-snapshot.js';
import type { Peer } from '../../peers/peer.js';
import type { ErrorCode } from '../../errors.js';
import type { TraceContext } from '../../trace-context.js';
import type { ValidationIssue } from '#contracts/contract.js';

/** The CloudEvent as the sender gave it, after the checks that need no database. */
export interface SubmittedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time?: string;
  readonly purpose?: string;
  readonly caseid?: string;
  readonly expiresat?: string;
  readonly traceparent?: string;
  /** The sender's own detached signature, checked when present. */
  readonly jws?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A message that may be accepted: steps 4 to 9 of docs/lifecycle.md happen to it inside one transaction. */
export interface Submission {
  readonly kind: 'submission';
  readonly peer: Peer;
  readonly contract: Contract;
  readonly purpose: PurposeCode;
  readonly event: SubmittedEvent;
  readonly digest: Buffer;
  /** Keyed index of the V-number in M01; null for every other message. */
  readonly subjectIndex: Buffer | null;
  readonly trace: TraceContext;
}

/** A request that was refused before the transaction: only its record is written (G2). */
export interface Refusal {
  readonly kind: 'refusal';
  /** What is known of the caller: behind a stranger's certificate stands no kind, and perhaps no OIN. */
  readonly peer: { readonly oin?: string; readonly kind?: PeerKind; readonly thumbprint?: string };
  readonly action: string;
  readonly code: ErrorCode;
  /** True reason, also where the caller was told that nothing is there. */
  readonly reason: string;
  readonly issues: readonly ValidationIssue[];
  readonly contract: Contract | null;
  readonly caseId: string | null;
  readonly purpose: string | null;
  readonly messageId: string | null;
  readonly userReference: string | null;
  readonly trace: TraceContext;
}

/** A timer of a case that came due on the case clock. */
export interface DueTimer {
  readonly kind: 'timer';
  readonly caseId: string;
  readonly timer: TimerKind;
  readonly trace: TraceContext;
}

export type AcceptItem = Submission | Refusal | DueTimer;

/** What a receipt says, all stored, so that a replay says the same. */
export interface ReceiptFields {
  readonly messageId: string;
  readonly source: string;
  readonly id: string;
  readonly contentDigest: Buffer;
  readonly recordId: string;
  readonly entryDigest: Buffer;
  readonly acceptedAt: string;
  readonly caseId: string | null;
}

export type AcceptResult =
  | { readonly kind: 'accepted'; readonly receipt: ReceiptFields; readonly replay: boolean }
  | { readonly kind: 'done'; readonly recordId: string };

export interface KnownMessage extends ReceiptFields {
  readonly bodyDigest: Buffer;
}

export interface LoadedCase {
  readonly id: string;
  readonly personId: string;
  readonly subjectIndex: Buffer | null;
  readonly version: number;
  readonly identity: Buffer;
  readonly wrappedCaseKey: Buffer;
  readonly keyId: string;
  snapshot: CaseSnapshot;
  /** Number of timeline rows so far. */
  events: number;
}

export interface TargetMessage {
  readonly messageId: string;
  readonly contract: string;
  readonly caseId: string | null;
  readonly senderOin: string;
  readonly recipients: readonly string[];
}

export interface PersonCase {
  readonly caseId: string;
  readonly pilot: string;
  readonly open: boolean;
  readonly openShelter: boolean;
}

/** What one round trip locked and read. */
export interface Loaded {
  readonly keys: Map<string, KnownMessage>;
  readonly cases: Map<string, LoadedCase>;
  /** By subject index (hex). */
  readonly persons: Map<string, string>;
  readonly personCases: Map<string, Map<string, PersonCase>>;
  readonly targets: Map<string, TargetMessage>;
  /** Case of each stay id that a message of this batch names and that exists already. */
  readonly stayCases: Map<string, string>;
  /** By pilot: serial numbers set aside for this batch; one that a refused application leaves is simply not used. */
  readonly caseNumbers: Map<string, { readonly year: number; next: number }>;
}

export const keyOf = (source: string, id: string): string => `${source}\n${id}`;

/** The stay that a message begins, changes or ends: M41, or embedded in M04. */
export function stayNamed(data: Readonly<Record<string, unknown>>): string | null {
  const embedded = (data.stay as { stay_id?: unknown } | undefined)?.stay_id;
  const named = data.stay_id ?? embedded;
  return typeof named === 'string' ? named : null;
}
