import type { PreparedRecord } from '../../access-log/access-record.js';
import type { CaseSnapshot, LocalDate, OpenStay } from '../../cases/case-snapshot.js';
import type { TransitionId } from '../../cases/transition.js';

export interface MessageRow {
  readonly id: string;
  readonly contract: string;
  readonly type: string;
  readonly source: string;
  readonly eventId: string;
  readonly senderOin: string;
  readonly senderKind: string;
  readonly caseId: string | null;
  readonly purpose: string;
  readonly contentDigest: Buffer;
  readonly bodyDigest: Buffer;
  readonly recordId: string;
  readonly entryDigest: Buffer;
  readonly keyId: string;
  readonly traceparent: string;
  readonly acceptedAt: string;
  readonly expiresAt: string | null;
  readonly targetMessageId: string | null;
  readonly endedPurposes: readonly string[];
}

export interface ContentRow {
  readonly messageId: string;
  readonly caseId: string | null;
  readonly keyId: string;
  readonly wrappedKey: Buffer;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly createdAt: string;
}

export interface DeliveryRow {
  readonly id: string;
  readonly messageId: string;
  readonly recipientOin: string;
  readonly caseId: string | null;
  readonly purpose: string;
  readonly family: string;
  readonly partitionKey: string;
  readonly caseSequence: number | null;
  readonly traceparent: string;
  readonly acceptedAt: string;
}

export interface CaseRow {
  readonly id: string;
  readonly personId: string;
  readonly municipalityOin: string;
  readonly snapshot: CaseSnapshot;
  /** As they ran before the batch; none of a new case. */
  readonly timersBefore: CaseSnapshot['timers'];
  readonly identity: Buffer;
  readonly wrappedCaseKey: Buffer;
  readonly keyId: string;
}

/** Everything that one batch will write, gathered in memory and written by one statement. */
export interface WriteSet {
  readonly records: PreparedRecord[];
  readonly messages: MessageRow[];
  readonly contents: ContentRow[];
  readonly deliveries: DeliveryRow[];
  readonly persons: { readonly id: string; readonly subjectIndex: Buffer | null }[];
  readonly newCases: Map<string, CaseRow>;
  readonly changedCases: Map<string, CaseRow>;
  readonly staysStarted: { readonly caseId: string; readonly personId: string; readonly stay: OpenStay }[];
  readonly staysEnded: { readonly stayId: string; readonly endedOn: LocalDate }[];
  readonly staysChanged: { readonly stayId: string; readonly kind: string }[];
  readonly caseEvents: {
    readonly caseId: string;
    readonly n: number;
    readonly at: string;
    readonly transition: TransitionId;
    readonly fromState: string | null;
    readonly toState: string;
    readonly messageId: string | null;
  }[];
  readonly replaced: { readonly messageId: string; readonly by: string }[];
  readonly withdrawn: { readonly messageId: string; readonly at: string }[];
  readonly confirmed: { readonly messageId: string; readonly recipientOin: string; readonly at: string }[];
}

export function emptyWriteSet(): WriteSet {
  return {
    records: [],
    messages: [],
    contents: [],
    deliveries: [],
    persons: [],
    newCases: new Map(),
    changedCases: new Map(),
    staysStarted: [],
    staysEnded: [],
    staysChanged: [],
    caseEvents: [],
    replaced: [],
    withdrawn: [],
    confirmed: [],
  };
}
