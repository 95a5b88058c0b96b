import type { PoolClient } from 'pg';
import type { ContractId } from '#contracts/contract.js';
import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import type { CaseParty } from '../../cases/case-snapshot.js';
import { withKeys } from '../../delivery/delivery-keys.js';
import type { Writer } from '../../storage/transaction.js';

/** One asked-for message as its recipient may find it: the newest version, with the delivery that gives the right. */
export interface ContentRow {
  readonly n: number;
  readonly deliveryId: string;
  readonly deliveryAt: Date;
  readonly deliveryState: string;
  readonly routePurpose: PurposeCode;
  readonly messageId: string;
  readonly contract: ContractId;
  readonly senderOin: string;
  readonly senderKind: PeerKind;
  readonly acceptedAt: Date;
  readonly withdrawn: boolean;
  readonly contentKeyId: string | null;
  readonly wrappedKey: Buffer | null;
  readonly nonce: Buffer | null;
  readonly ciphertext: Buffer | null;
  readonly caseId: string | null;
  readonly personId: string | null;
  readonly subjectIndex: Buffer | null;
  readonly wrappedCaseKey: Buffer | null;
  readonly caseKeyId: string | null;
  readonly parties: readonly CaseParty[] | null;
  /** Purposes that had ended in the case before this message was accepted. */
  readonly endedPurposes: readonly PurposeCode[];
}

/**
 * Only rows that were delivered to the asker: no delivery, no row, whatever exists. The content of the version that
 * replaced it (M28) was delivered to the same recipients, by the same routes. Equality on the acceptance time lets the
 * planner touch one partition.
 */
const READ = `
  SELECT q.n::int, d.id AS "deliveryId", d.accepted_at AS "deliveryAt", d.state AS "deliveryState", d.purpose AS "routePurpose",
    m.id AS "messageId", m.contract, m.sender_oin AS "senderOin", m.sender_kind AS "senderKind", m.accepted_at AS "acceptedAt",
    (asked.withdrawn_at IS NOT NULL OR m.withdrawn_at IS NOT NULL) AS withdrawn,
    c.key_id AS "contentKeyId", c.wrapped_key AS "wrappedKey", c.nonce, c.ciphertext,
    k.id AS "caseId", k.person_id AS "personId", p.subject_index AS "subjectIndex", k.wrapped_case_key AS "wrappedCaseKey",
    k.key_id AS "caseKeyId", k.snapshot->'parties' AS parties, m.ended_purposes AS "endedPurposes"
  FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS q(message_id, oin, n)
  JOIN message asked ON asked.id = q.message_id
  JOIN delivery d ON d.message_id = asked.id AND d.accepted_at = asked.accepted_at AND d.recipient_oin = q.oin
  JOIN message m ON m.id = coalesce(asked.replaced_by, asked.id)
  LEFT JOIN content c ON c.message_id = m.id AND c.created_at = m.accepted_at
  LEFT JOIN lvv_case k ON k.id = m.case_id
  LEFT JOIN person p ON p.id = k.person_id`;

/** By position in `asked`; a message that is not the asker's has no row. */
export async function readContentRows(
  client: PoolClient,
  asked: readonly { readonly messageId: string; readonly oin: string }[],
): Promise<Map<number, ContentRow>> {
  const values = [asked.map((one) => one.messageId), asked.map((one) => one.oin)];
  const { rows } = await client.query<ContentRow>({ name: 'content-read', text: READ, values });
  return new Map(rows.map((row) => [row.n - 1, row]));
}

/** First fetch counts: a later one changes nothing. */
export async function markFetched(writer: Writer, rows: readonly ContentRow[], at: Date): Promise<void> {
  if (rows.length === 0) return;
  await writer.query({
    name: 'content-fetched',
    text: `UPDATE delivery d SET fetched_at = coalesce(d.fetched_at, $3), state = CASE d.state WHEN 'OUTSTANDING' THEN 'FETCHED' ELSE d.state END
      WHERE ${withKeys(1, 2)}`,
    values: [rows.map((row) => row.deliveryId), rows.map((row) => row.deliveryAt), at],
  });
}
