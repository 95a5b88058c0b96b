import type { PoolClient } from 'pg';
import type { RecordSubject } from '../access-log/access-record.js';
import type { CaseSnapshot } from '../cases/case-snapshot.js';
import { encryptSubject, type ContentCipher } from '../storage/content-crypto.js';
import { subjectIndex } from '../storage/subject-index.js';

/** A case as it is read without its lock: what a decision and its record need of it. */
export interface CaseRow {
  readonly snapshot: CaseSnapshot;
  readonly personId: string;
  readonly subjectIndex: Buffer | null;
  readonly wrappedCaseKey: Buffer;
  readonly keyId: string;
}

export interface SubjectKeys {
  readonly cipher: ContentCipher;
  readonly indexKey: Buffer;
}

/** Gives rows of CaseRow; whoever uses it says which. */
export const SELECT_CASE_ROW = `SELECT k.snapshot, k.person_id AS "personId", p.subject_index AS "subjectIndex",
    k.wrapped_case_key AS "wrappedCaseKey", k.key_id AS "keyId"
  FROM lvv_case k JOIN person p ON p.id = k.person_id`;
const READ = `${SELECT_CASE_ROW} WHERE k.id = $1`;

export async function readCaseRow(client: PoolClient, caseId: string): Promise<CaseRow | undefined> {
  const { rows } = await client.query<CaseRow>({ name: 'case-row', text: READ, values: [caseId] });
  return rows[0];
}

/** Whom the case is about, as a record names them; an attempt concerns the person as much as a success. */
export function subjectOfCase({ cipher, indexKey }: SubjectKeys, row: CaseRow): RecordSubject {
  const key = cipher.unwrapCaseKey({ caseId: row.snapshot.id, keyId: row.keyId, wrapped: row.wrappedCaseKey });
  return {
    index: row.subjectIndex ?? subjectIndex(indexKey, `person:${row.personId}`),
    id: encryptSubject(key, row.personId),
  };
}
