import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { PeerKind } from '#contracts/domain.js';
import type { AccessRecordInput, PreparedRecord, RecordSubject } from '../../access-log/access-record.js';
import type { RecordMaker } from '../../access-log/record-maker.js';
import type { CaseIdentity, CaseSnapshot } from '../../cases/case-snapshot.js';
import type { PilotOnDate } from '../../cases/transition.js';
import {
  decryptIdentity,
  encryptIdentity,
  encryptSubject,
  type CaseKey,
  type ContentCipher,
} from '../../storage/content-crypto.js';
import type { Policy } from '../../policy/policy.js';
import { partitionKey, subjectIndex } from '../../storage/subject-index.js';
import { keyOf, type Loaded, type LoadedCase, type PersonCase } from './accept-types.js';
import { emptyWriteSet } from './write-set.js';

/** Effective-dated register data, held in memory and refreshed; see storage/register-reader.ts. */
export interface RegisterView {
  pilotOnDate(code: string, date: string): PilotOnDate | null;
  readonly national: Readonly<Partial<Record<PeerKind, string>>>;
  routeBases(): ReadonlySet<string>;
}

export interface AcceptParts {
  readonly gatewayOin: string;
  readonly receiptKeyId: string;
  readonly cipher: ContentCipher;
  readonly indexKey: Buffer;
  readonly register: RegisterView;
  readonly policy: Policy;
  readonly makeRecord: RecordMaker;
}

/**
 * What of a case is kept only under its key: who it is, and the answers on the admission grounds, which are of a
 * criminal-law nature (AVG art. 10) or police data.
 */
interface Sealed {
  readonly identity: CaseIdentity;
  readonly answers: CaseSnapshot['answers'];
}

/** A case as it stands inside the batch: read under lock, changed in memory, written once at the end. */
export interface CaseAtWork extends LoadedCase {
  readonly key: CaseKey;
  readonly isNew: boolean;
  personId: string;
  subjectIndex: Buffer | null;
  identity: Buffer;
  /** `identity` in clear; its answers stand in the snapshot while the batch runs. */
  plain: CaseIdentity;
  /** The answers that `identity` holds now. */
  sealedAnswers: CaseSnapshot['answers'];
}

/** One batch under way. Requests of one case see each other's effects in arrival order. */
export class BatchWork {
  readonly set = emptyWriteSet();
  /** Who the national organisations are: asked once for the whole batch. */
  readonly national: RegisterView['national'];
  /** `caseNow`, RFC 3339. */
  readonly caseNowText: string;
  private readonly cases = new Map<string, CaseAtWork>();

  constructor(
    readonly parts: AcceptParts,
    readonly loaded: Loaded,
    /** System clock: records, receipts. */
    readonly at: Date,
    /** Case clock. */
    readonly caseNow: Date,
    /** Local date of the case clock. */
    readonly today: string,
  ) {
    this.national = parts.register.national;
    this.caseNowText = caseNow.toISOString();
  }

  caseAtWork(id: string | null | undefined): CaseAtWork | null {
    if (!id) return null;
    const known = this.cases.get(id);
    if (known) return known;
    const row = this.loaded.cases.get(id);
    if (!row) return null;
    const key = this.parts.cipher.unwrapCaseKey({ caseId: id, keyId: row.keyId, wrapped: row.wrappedCaseKey });
    const { identity: plain, answers } = decryptIdentity(key, row.identity) as Sealed;
    const snapshot = { ...row.snapshot, answers };
    const opened: CaseAtWork = { ...row, key, isNew: false, snapshot, plain, sealedAnswers: answers };
    this.cases.set(id, opened);
    return opened;
  }

  /** A case that T01 opens in this batch, with its own key. */
  openCase(snapshot: CaseSnapshot, identity: CaseIdentity, subject: Buffer | null): CaseAtWork {
    const { keyId, wrapped, key } = this.parts.cipher.newCaseKey(snapshot.id);
    const caseKey = { caseId: snapshot.id, key };
    const opened: CaseAtWork = {
      id: snapshot.id,
      personId: this.personOf(subject),
      subjectIndex: subject,
      version: 0,
      identity: encryptIdentity(caseKey, { identity, answers: snapshot.answers } satisfies Sealed),
      plain: identity,
      sealedAnswers: snapshot.answers,
      wrappedCaseKey: wrapped,
      keyId,
      snapshot,
      events: 0,
      key: caseKey,
      isNew: true,
    };
    this.cases.set(snapshot.id, opened);
    return opened;
  }

  identityOf(row: CaseAtWork): CaseIdentity {
    return row.plain;
  }

  /** A corrected V-number: identity and person follow. */
  changeIdentity(row: CaseAtWork, identity: CaseIdentity): void {
    row.plain = identity;
    this.seal(row);
    if (identity.v_number === undefined) return;
    row.subjectIndex = subjectIndex(this.parts.indexKey, identity.v_number);
    row.personId = this.personOf(row.subjectIndex);
  }

  /** The person with this subject index; a new one when there is none, or when only a provisional reference is known. */
  personOf(subject: Buffer | null): string {
    const known = subject ? this.loaded.persons.get(subject.toString('hex')) : undefined;
    if (known) return known;
    const id = randomUUID();
    this.set.persons.push({ id, subjectIndex: subject });
    if (subject) this.loaded.persons.set(subject.toString('hex'), id);
    return id;
  }

  /** The data subject of a case as records name it: an encrypted code, findable by a keyed index. */
  subjectOf(row: CaseAtWork): RecordSubject {
    const index = row.subjectIndex ?? subjectIndex(this.parts.indexKey, `person:${row.personId}`);
    return { index, id: encryptSubject(row.key, row.personId) };
  }

  record(input: AccessRecordInput): PreparedRecord {
    const record = this.parts.makeRecord(input, this.at);
    this.set.records.push(record);
    return record;
  }

  /** Keeps what is known of a person's other cases true inside the batch, and marks the case row to be written. */
  touch(row: CaseAtWork): void {
    if (row.snapshot.answers !== row.sealedAnswers) this.seal(row);
    const write = {
      id: row.id,
      personId: row.personId,
      municipalityOin: row.snapshot.parties.find((party) => party.kind === 'MUNICIPALITY')?.oin ?? '',
      snapshot: { ...row.snapshot, answers: {} },
      timersBefore: this.loaded.cases.get(row.id)?.snapshot.timers ?? [],
      identity: row.identity,
      wrappedCaseKey: row.wrappedCaseKey,
      keyId: row.keyId,
    };
    (row.isNew ? this.set.newCases : this.set.changedCases).set(row.id, write);
    const cases = this.loaded.personCases.get(row.personId) ?? new Map<string, PersonCase>();
    const open = !['REFUSED', 'EXITED', 'CLOSED', 'VOIDED'].includes(row.snapshot.state);
    const openShelter = row.snapshot.stays.some((stay) => stay.kind === 'SHELTER');
    this.loaded.personCases.set(
      row.personId,
      cases.set(row.id, { caseId: row.id, pilot: row.snapshot.pilot, open, openShelter }),
    );
  }

  private seal(row: CaseAtWork): void {
    row.identity = encryptIdentity(row.key, { identity: row.plain, answers: row.snapshot.answers } satisfies Sealed);
    row.sealedAnswers = row.snapshot.answers;
  }

  partitionKey(recipientOin: string, caseOrMessageId: string): string {
    return partitionKey(this.parts.indexKey, recipientOin, caseOrMessageId);
  }

  remember(source: string, id: string, known: Loaded['keys'] extends Map<string, infer Known> ? Known : never): void {
    this.loaded.keys.set(keyOf(source, id), known);
  }
}

export const newId = (kind: 'message' | 'other'): string => (kind === 'message' ? uuidv7() : randomUUID());
