import { part, type WritePart } from './write-part.js';
import type { DeliveryRow, WriteSet } from './write-set.js';

/** Messages, their content and their deliveries. */
export const MESSAGE_PARTS: readonly WritePart[] = [
  part(
    'new_key',
    `INSERT INTO message_key (source, event_id, message_id, body_digest)
      SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::bytea[])`,
    (set) => set.messages,
    (row) => row.source,
    (row) => row.eventId,
    (row) => row.id,
    (row) => row.bodyDigest,
  ),
  part(
    'new_message',
    `INSERT INTO message (id, source, event_id, contract, type, sender_oin, sender_kind, case_id, purpose, content_digest,
        record_id, entry_digest, key_id, traceparent, accepted_at, expires_at, target_message_id, ended_purposes)
      SELECT id, source, event_id, contract, type, sender_oin, sender_kind, case_id, purpose, content_digest,
        record_id, entry_digest, key_id, traceparent, accepted_at, expires_at, target_message_id, string_to_array(ended_purposes, ',')
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[],
        $10::bytea[], $11::uuid[], $12::bytea[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[], $17::uuid[], $18::text[])
      AS u(id, source, event_id, contract, type, sender_oin, sender_kind, case_id, purpose, content_digest, record_id, entry_digest,
        key_id, traceparent, accepted_at, expires_at, target_message_id, ended_purposes)`,
    (set) => set.messages,
    (row) => row.id,
    (row) => row.source,
    (row) => row.eventId,
    (row) => row.contract,
    (row) => row.type,
    (row) => row.senderOin,
    (row) => row.senderKind,
    (row) => row.caseId,
    (row) => row.purpose,
    (row) => row.contentDigest,
    (row) => row.recordId,
    (row) => row.entryDigest,
    (row) => row.keyId,
    (row) => row.traceparent,
    (row) => row.acceptedAt,
    (row) => row.expiresAt,
    (row) => row.targetMessageId,
    (row) => row.endedPurposes.join(','),
  ),
  part(
    'new_content',
    `INSERT INTO content (message_id, case_id, key_id, wrapped_key, nonce, ciphertext, created_at)
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::timestamptz[])`,
    (set) => set.contents,
    (row) => row.messageId,
    (row) => row.caseId,
    (row) => row.keyId,
    (row) => row.wrappedKey,
    (row) => row.nonce,
    (row) => row.ciphertext,
    (row) => row.createdAt,
  ),
  // What is held up is asked once for the cases of the batch, not once a delivery: the table has a part for each month.
  part(
    'held',
    `SELECT DISTINCT d.recipient_oin, d.case_id FROM delivery d
      WHERE d.case_id = ANY ($1::uuid[]) AND d.parked_at IS NOT NULL AND d.state IN ('PARKED', 'DEAD') AND d.skipped_at IS NULL`,
    (set) => set.deliveries,
    (row) => row.caseId,
  ),
  // From here to the commit nobody else numbers deliveries of these recipients: in one order, so that two batches
  // wait for each other and not both.
  part(
    'counted',
    `INSERT INTO recipient_counter AS c (recipient_oin, last_sequence)
      SELECT o, n FROM unnest($1::text[], $2::bigint[]) AS t(o, n) ORDER BY o
      ON CONFLICT (recipient_oin) DO UPDATE SET last_sequence = c.last_sequence + excluded.last_sequence
      RETURNING c.recipient_oin, c.last_sequence`,
    recipients,
    ([oin]) => oin,
    ([, count]) => count,
  ),
  // In the order given, whatever way the joins take: `insert_order` tells it.
  part(
    'new_delivery',
    `INSERT INTO delivery (id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, traceparent,
        accepted_at, sequence, state, parked_at)
      SELECT u.id, u.message_id, u.recipient_oin, u.case_id, u.purpose, u.family, u.partition_key, u.case_sequence, u.traceparent,
        u.accepted_at, c.last_sequence - u.after,
        CASE WHEN h.case_id IS NULL THEN 'OUTSTANDING' ELSE 'PARKED' END, CASE WHEN h.case_id IS NOT NULL THEN now() END
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[],
          $10::timestamptz[], $11::int[]) WITH ORDINALITY
        AS u(id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, traceparent, accepted_at, after, place)
      JOIN counted c ON c.recipient_oin = u.recipient_oin
      LEFT JOIN held h ON h.recipient_oin = u.recipient_oin AND h.case_id = u.case_id
      ORDER BY u.place`,
    inTheirOrder,
    (row) => row.id,
    (row) => row.messageId,
    (row) => row.recipientOin,
    (row) => row.caseId,
    (row) => row.purpose,
    (row) => row.family,
    (row) => row.partitionKey,
    (row) => row.caseSequence,
    (row) => row.traceparent,
    (row) => row.acceptedAt,
    (row) => row.after,
  ),
];

/** Recipients of the batch, each once, with the number of its deliveries to them. */
export function recipients({ deliveries }: WriteSet): readonly (readonly [oin: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { recipientOin } of deliveries) counts.set(recipientOin, (counts.get(recipientOin) ?? 0) + 1);
  return [...counts];
}

/** Each delivery with how many of the batch follow it to the same recipient: the last one gets the highest number. */
function inTheirOrder(set: WriteSet): readonly (DeliveryRow & { readonly after: number })[] {
  const left = new Map(recipients(set));
  return set.deliveries.map((row) => {
    const after = (left.get(row.recipientOin) ?? 1) - 1;
    left.set(row.recipientOin, after);
    return { ...row, after };
  });
}

/** What a message does to earlier ones. */
export const EARLIER_PARTS: readonly WritePart[] = [
  part(
    'replaced_message',
    'UPDATE message m SET replaced_by = b FROM unnest($1::uuid[], $2::uuid[]) AS t(i, b) WHERE m.id = i OR m.replaced_by = i',
    (set) => set.replaced,
    (row) => row.messageId,
    (row) => row.by,
  ),
  part(
    'withdrawn_message',
    'UPDATE message m SET withdrawn_at = a FROM unnest($1::uuid[], $2::timestamptz[]) AS t(i, a) WHERE m.id = i',
    (set) => set.withdrawn,
    (row) => row.messageId,
    (row) => row.at,
  ),
  // Versions that the withdrawn one had replaced as well: whoever has not taken them finds nothing any more.
  part(
    'withdrawn_delivery',
    `UPDATE delivery d SET state = 'WITHDRAWN'
      FROM (SELECT i FROM unnest($1::uuid[]) AS t(i)
        UNION SELECT m.id FROM unnest($1::uuid[]) AS t(i) JOIN message m ON m.replaced_by = i) AS gone(i)
      WHERE d.message_id = gone.i AND d.state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD')`,
    withVersions,
    (id) => id,
  ),
  part(
    'confirmed_delivery',
    `UPDATE delivery d SET confirmed_at = a FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS t(i, o, a)
      WHERE d.message_id = i AND d.recipient_oin = o AND d.confirmed_at IS NULL`,
    (set) => set.confirmed,
    (row) => row.messageId,
    (row) => row.recipientOin,
    (row) => row.at,
  ),
];

/** With those that were replaced in this same batch: the statement does not see yet what it writes itself. */
function withVersions({ withdrawn, replaced }: WriteSet): readonly string[] {
  const gone = new Set(withdrawn.map(({ messageId }) => messageId));
  for (const { messageId, by } of replaced.toReversed()) if (gone.has(by)) gone.add(messageId);
  return [...gone];
}
