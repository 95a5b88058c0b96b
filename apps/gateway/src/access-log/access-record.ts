import { UUID } from 'uuidv7';
import { canonicalBytes } from '#contracts/canonical.js';
import type { ContractId } from '#contracts/contract.js';
import type { FieldGroup, LegalBasis, PeerKind, PurposeCode, Role } from '#contracts/domain.js';
import {
  entryBytes,
  entryDigest,
  expiryMonth,
  recordCommitment,
  SALT_BYTES,
  type RetentionClass,
} from '#ledger/entry.js';

export const RECORD_VERSION = 1;
/** A page of a hundred messages fits in a quarter of it; more is a mistake in the caller. */
export const MAX_RECORD_BYTES = 32_768;
const UUID_RANDOM_BYTES = 10;
const UUID_FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Submission and disclosure are both DELIVERY: a message goes from one organisation to others. */
export const RECORD_KINDS = ['DELIVERY', 'CONSULTATION', 'EVALUATION', 'ADMIN', 'REFUSAL', 'ERASURE'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** One request, one decision, one record (G1, G2). Names and codes only: never a value from the content. */
export interface AccessRecordInput {
  readonly kind: RecordKind;
  /** What is known of the caller; a certificate of a stranger has no kind, a failed handshake perhaps nothing. */
  readonly peer?: {
    readonly oin?: string;
    readonly kind?: PeerKind;
    readonly thumbprint?: string;
    /** Role of the officer whose personal certificate this is; absent for an organisation's system. */
    readonly officer?: string;
  };
  /** OIN of the author of what was read. */
  readonly source?: string;
  /** OIN of the municipality that coordinates the case: the record concerns it whoever asked. */
  readonly municipality?: string;
  /** The agency's own pseudonym of the person who asked. Absent from the LDV view (standards 1.6). */
  readonly userReference?: string;
  readonly purpose?: PurposeCode;
  readonly legalBases: readonly LegalBasis[];
  /** URI in the register of processing activities. */
  readonly processingActivity?: string;
  /** Covenant of the pilot under which the message was accepted; derived, never sent. */
  readonly covenantId?: string;
  readonly caseId?: string;
  /** One for each data subject; see RecordSubject. */
  readonly subjects: readonly RecordSubject[];
  /** What was done, in the words of the interface: `message.submit`, `content.read`, `inbox.read`. */
  readonly action: string;
  readonly contract?: { readonly id: ContractId; readonly version: number };
  readonly decision: {
    readonly outcome: 'permit' | 'refuse';
    /** True reason of a refusal, also where the caller was told CASE_NOT_AVAILABLE. */
    readonly code?: string;
    readonly policyVersion?: string;
    /** Column of the release table that applied. */
    readonly role?: Role;
    /** What the decision looked at besides the request, so that it can be made again under another policy. */
    readonly inputs?: DecisionInputs;
    readonly reasons: readonly string[];
  };
  readonly fieldGroups: { readonly released: readonly FieldGroup[]; readonly withheld: readonly FieldGroup[] };
  /** OINs of those to whom it went on; of a search, the municipalities besides `municipality` that it was about. */
  readonly recipients?: readonly string[];
  readonly messageId?: string;
  /** Messages shown by one page of the inbox. */
  readonly messageIds?: readonly string[];
  /** W3C trace context: 32 and 16 hex digits. */
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  /** What an ADMIN, ERASURE or report record is about, as codes and digests. Its shape belongs to the action. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Failed handshakes are counted by (address, reason) and minute. */
  readonly handshake?: { readonly address: string; readonly count: number };
}

export interface DecisionInputs {
  /** Purpose of the route by which the reader received the message. */
  readonly messagePurpose?: PurposeCode;
  /** Purposes that had ended: before the message was accepted, or in the case that was consulted. */
  readonly endedPurposes?: readonly PurposeCode[];
  /** Time-boxed grant under which the role was taken. */
  readonly grantId?: string;
}

/**
 * `id` is the subject's encrypted code and part of the record; `index` (keyed HMAC, 32 bytes) finds the record and stands
 * beside it, not in it, so that the index key can be rotated without touching evidence.
 */
export interface RecordSubject {
  readonly index: Buffer;
  readonly id: string;
}

/** All that is stored of one record; written once. */
export interface PreparedRecord {
  readonly id: string;
  /** RFC 3339 UTC with milliseconds, equal to `at` in the canonical bytes. */
  readonly at: string;
  /** RFC 8785 (JCS) form in UTF-8: the truth of the record. */
  readonly canonical: Buffer;
  readonly salt: Buffer;
  /** The 36 bytes that become a leaf of the log (libs/ledger/src/entry.ts). */
  readonly entry: Buffer;
  /** SHA-256 of the ledger entry: goes into the receipt and the `Access-Record` answer. */
  readonly entryDigest: Buffer;
  readonly retentionClass: RetentionClass;
  readonly expiresMonth: string;
  readonly version: number;
  readonly subjects: readonly { readonly index: Buffer }[];
}

/** Months that a record of each kind is kept after its own month; null is for ever. They come from the policy in force. */
export type RecordTerms = Readonly<Record<RecordKind, number | null>>;

export interface RecordSources {
  /** System clock: the case clock is for cases. */
  readonly now: Date;
  readonly randomBytes: (size: number) => Buffer;
  readonly terms: RecordTerms;
}

/** An ERASURE record has to outlive what it speaks for: without it the verifier names a missing record. */
const RETENTION_CLASS_OF: Readonly<Record<RecordKind, RetentionClass>> = {
  DELIVERY: 'RELEASE',
  CONSULTATION: 'RELEASE',
  EVALUATION: 'RELEASE',
  REFUSAL: 'REFUSAL',
  ADMIN: 'ADMIN',
  ERASURE: 'PERMANENT',
};

/** Without the record of a restart nobody can tell the new log from the old one. */
const PERMANENT_ACTIONS: ReadonlySet<string> = new Set(['log.restart']);

/** Fixes a record: gives it an id (UUIDv7), time and salt, and its ledger entry. Throws RangeError if it is too large. */
export function prepareRecord(input: AccessRecordInput, sources: RecordSources): PreparedRecord {
  const retentionClass = PERMANENT_ACTIONS.has(input.action) ? 'PERMANENT' : RETENTION_CLASS_OF[input.kind];
  const { subjects, caseId, messageId, ...rest } = input;
  const id = recordId(sources);
  const at = sources.now.toISOString();
  const ids = { ...uuidMember('caseId', caseId), ...uuidMember('messageId', messageId) };
  const body = {
    ...rest,
    ...ids,
    version: RECORD_VERSION,
    id,
    at,
    subjects: subjects.map((subject) => ({ id: subject.id })),
  };
  const canonical = canonicalBytes(body);
  if (canonical.length > MAX_RECORD_BYTES)
    throw new RangeError(`an access record is at most ${MAX_RECORD_BYTES} bytes`);
  const salt = sources.randomBytes(SALT_BYTES);
  const expiresMonth = expiryMonth(sources.now, retentionClass === 'PERMANENT' ? null : sources.terms[input.kind]);
  const entry = entryBytes({ retentionClass, expiresMonth, commitment: recordCommitment(salt, canonical) });
  return {
    id,
    at,
    canonical,
    salt,
    entry,
    entryDigest: entryDigest(entry),
    retentionClass,
    expiresMonth,
    version: RECORD_VERSION,
    subjects: distinctIndexes(subjects),
  };
}

/** An id that is no UUID names nothing here; it must not keep the refusal of its request from being recorded. */
function uuidMember(name: string, value: string | undefined): Record<string, string> {
  return value !== undefined && UUID_FORM.test(value) ? { [name]: value } : {};
}

function recordId({ now, randomBytes }: RecordSources): string {
  const random = randomBytes(UUID_RANDOM_BYTES);
  return UUID.fromFieldsV7(
    now.getTime(),
    random.readUInt16BE(0) & 0xfff,
    random.readUInt32BE(2) & 0x3fffffff,
    random.readUInt32BE(6),
  ).toString();
}

/** A page can show several messages about one person: one index row is enough to find it. */
function distinctIndexes(subjects: readonly RecordSubject[]): { readonly index: Buffer }[] {
  return [...new Map(subjects.map(({ index }) => [index.toString('hex'), { index }])).values()];
}
