import type { DataSubjectRequest } from '#contracts/generated/messages.js';
import type { CaseParty } from '../../cases/case-snapshot.js';
import { GatewayError } from '../../errors.js';
import type { ContentCipher } from '../../storage/content-crypto.js';
import type { SqlReader } from '../../access-log/log/sql-reader.js';

/** A stored M37 with what is needed to open it, and the person whose case it is about. */
interface RequestRow {
  readonly messageId: string;
  readonly senderOin: string;
  readonly recipients: readonly string[];
  readonly acceptedAt: Date;
  readonly withdrawn: boolean;
  readonly caseId: string;
  readonly personId: string;
  readonly subjectIndex: Buffer | null;
  readonly municipalityOin: string;
  readonly parties: readonly CaseParty[];
  readonly caseKeyId: string;
  readonly wrappedCaseKey: Buffer | null;
  readonly contentKeyId: string | null;
  readonly wrappedKey: Buffer | null;
  readonly nonce: Buffer | null;
  readonly ciphertext: Buffer | null;
}

export type AccessRequest = Pick<RequestRow, 'messageId' | 'caseId' | 'personId' | 'subjectIndex' | 'municipalityOin'>;

const READ = `
  SELECT m.id AS "messageId", m.sender_oin AS "senderOin", m.accepted_at AS "acceptedAt",
    m.withdrawn_at IS NOT NULL AS withdrawn, m.case_id AS "caseId", k.person_id AS "personId",
    p.subject_index AS "subjectIndex", k.municipality_oin AS "municipalityOin", k.snapshot->'parties' AS parties,
    k.key_id AS "caseKeyId", k.wrapped_case_key AS "wrappedCaseKey", c.key_id AS "contentKeyId",
    c.wrapped_key AS "wrappedKey", c.nonce, c.ciphertext,
    ARRAY(SELECT d.recipient_oin FROM delivery d WHERE d.message_id = m.id AND d.accepted_at = m.accepted_at) AS recipients
  FROM message m JOIN lvv_case k ON k.id = m.case_id JOIN person p ON p.id = k.person_id
    LEFT JOIN content c ON c.message_id = m.id AND c.created_at = m.accepted_at
  WHERE m.id = $1 AND m.contract = 'M37'`;

/** The request with this id that the organisation sent or received; null for anybody else's, and for none. */
export async function readAccessRequest(
  client: SqlReader,
  messageId: string,
  organisation: string,
): Promise<RequestRow | null> {
  const { rows } = await client.query<RequestRow>(READ, [messageId]);
  const row = rows[0];
  return row && [row.senderOin, ...row.recipients].includes(organisation) ? row : null;
}

/**
 * What the resident asked, once it may be answered.
 * @throws GatewayError WITHDRAWN (or its content's term has ended), NOT_AN_ACCESS_REQUEST, IDENTITY_NOT_CHECKED
 */
export function openAccessRequest(cipher: ContentCipher, row: RequestRow): DataSubjectRequest {
  const { caseId, caseKeyId, wrappedCaseKey, contentKeyId, wrappedKey, nonce, ciphertext } = row;
  if (row.withdrawn || !wrappedCaseKey || !contentKeyId || !wrappedKey || !nonce || !ciphertext) {
    throw new GatewayError('WITHDRAWN', 'the request is withdrawn, or its term has ended');
  }
  const caseKey = cipher.unwrapCaseKey({ caseId, keyId: caseKeyId, wrapped: wrappedCaseKey });
  const content = { keyId: contentKeyId, wrappedKey, nonce, ciphertext };
  const plain = cipher.decryptContent(caseKey, row.messageId, content).toString('utf8');
  const { data } = JSON.parse(plain) as { readonly data: DataSubjectRequest };
  if (data.right !== 'ACCESS') throw new GatewayError('NOT_AN_ACCESS_REQUEST', 'the message asks for another right');
  if (!data.identity_checked) throw new GatewayError('IDENTITY_NOT_CHECKED', 'nobody has checked who asks');
  return data;
}
