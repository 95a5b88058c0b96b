import type { WriteSet } from './write-set.js';

/** `$1` to `$n` in `sql` are the arrays of `columns`: one a column, one element a row. */
export interface WritePart {
  readonly name: string;
  readonly sql: string;
  readonly rows: (set: WriteSet) => number;
  readonly columns: (set: WriteSet) => readonly (readonly unknown[])[];
}

/** A part of the statement that writes `rows`, each column of it as one array. */
function part<Row>(
  name: string,
  sql: string,
  rows: (set: WriteSet) => readonly Row[],
  ...columns: readonly ((row: Row) => unknown)[]
): WritePart {
  return {
    name,
    sql,
    rows: (set) => rows(set).length,
    columns: (set) => {
      const written = rows(set);
      return columns.map((column) => written.map(column));
    },
  };
}

/** Timers as they stand after the batch, of every case that it wrote. */
function runningTimers(set: WriteSet) {
  return [...set.newCases.values(), ...set.changedCases.values()].flatMap((row) =>
    row.snapshot.timers.map((timer) => ({ caseId: row.id, ...timer })),
  );
}

/** A timer that stopped and started again within the batch is only changed: one statement must not touch a row twice. */
function stoppedTimers(set: WriteSet) {
  const running = new Set(runningTimers(set).map((timer) => `${timer.caseId} ${timer.kind}`));
  return set.timersStopped.filter((timer) => !running.has(`${timer.caseId} ${timer.kind}`));
}

/** What of the case process a batch changes. */
const CASE_PARTS: readonly WritePart[] = [
  part(
    'new_person',
    'INSERT INTO person (id, subject_index, created_at) SELECT i, s, now() FROM unnest($1::uuid[], $2::bytea[]) AS t(i, s)',
    (set) => set.persons,
    (row) => row.id,
    (row) => row.subjectIndex,
  ),
  part(
    'new_case',
    `INSERT INTO lvv_case (id, number, pilot, municipality_oin, person_id, state, snapshot, version, identity, wrapped_case_key,
        key_id, opened_at, updated_at)
      SELECT (s->>'id')::uuid, s->>'number', s->>'pilot', m, p, s->>'state', s, 1, i, w, k, (s->>'openedAt')::timestamptz, now()
      FROM unnest($1::jsonb[], $2::text[], $3::uuid[], $4::bytea[], $5::bytea[], $6::text[]) AS t(s, m, p, i, w, k)`,
    (set) => [...set.newCases.values()],
    (row) => JSON.stringify(row.snapshot),
    (row) => row.municipalityOin,
    (row) => row.personId,
    (row) => row.identity,
    (row) => row.wrappedCaseKey,
    (row) => row.keyId,
  ),
  part(
    'changed_case',
    `UPDATE lvv_case c SET state = s->>'state', snapshot = s, person_id = p, identity = i, version = c.version + 1, updated_at = now()
      FROM unnest($1::uuid[], $2::jsonb[], $3::uuid[], $4::bytea[]) AS t(c_id, s, p, i) WHERE c.id = c_id`,
    (set) => [...set.changedCases.values()],
    (row) => row.id,
    (row) => JSON.stringify(row.snapshot),
    (row) => row.personId,
    (row) => row.identity,
  ),
  part(
    'started_stay',
    `INSERT INTO stay (id, case_id, person_id, kind, started_on, dtv_notification_id)
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::uuid[])`,
    (set) => set.staysStarted,
    (row) => row.stay.stayId,
    (row) => row.caseId,
    (row) => row.personId,
    (row) => row.stay.kind,
    (row) => row.stay.startedOn,
    (row) => row.stay.dtvNotificationId,
  ),
  part(
    'ended_stay',
    'UPDATE stay s SET ended_on = e FROM unnest($1::uuid[], $2::date[]) AS t(i, e) WHERE s.id = i',
    (set) => set.staysEnded,
    (row) => row.stayId,
    (row) => row.endedOn,
  ),
  part(
    'changed_stay',
    'UPDATE stay s SET kind = k FROM unnest($1::uuid[], $2::text[]) AS t(i, k) WHERE s.id = i',
    (set) => set.staysChanged,
    (row) => row.stayId,
    (row) => row.kind,
  ),
  part(
    'stopped_timer',
    'DELETE FROM timer r USING unnest($1::uuid[], $2::text[]) AS t(c, k) WHERE r.case_id = c AND r.kind = k',
    stoppedTimers,
    (row) => row.caseId,
    (row) => row.kind,
  ),
  part(
    'running_timer',
    `INSERT INTO timer (case_id, kind, due_at, started_at)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[])
      ON CONFLICT (case_id, kind) DO UPDATE SET due_at = excluded.due_at, started_at = excluded.started_at
        WHERE (timer.due_at, timer.started_at) IS DISTINCT FROM (excluded.due_at, excluded.started_at)`,
    runningTimers,
    (row) => row.caseId,
    (row) => row.kind,
    (row) => row.dueAt,
    (row) => row.startedAt,
  ),
  part(
    'new_event',
    `INSERT INTO case_event (case_id, n, at, transition, from_state, to_state, message_id)
      SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::uuid[])`,
    (set) => set.caseEvents,
    (row) => row.caseId,
    (row) => row.n,
    (row) => row.at,
    (row) => row.transition,
    (row) => row.fromState,
    (row) => row.toState,
    (row) => row.messageId,
  ),
];

/** Messages, their content and their deliveries. */
const MESSAGE_PARTS: readonly WritePart[] = [
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
      WHERE d.case_id = ANY ($1::uuid[]) AND d.state IN ('PARKED', 'DEAD') AND d.skipped_at IS NULL`,
    (set) => set.deliveries,
    (row) => row.caseId,
  ),
  part(
    'new_delivery',
    `INSERT INTO delivery (id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, traceparent,
        accepted_at, state, parked_at)
      SELECT u.*, CASE WHEN h.case_id IS NULL THEN 'OUTSTANDING' ELSE 'PARKED' END, CASE WHEN h.case_id IS NOT NULL THEN now() END
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[], $10::timestamptz[])
        AS u(id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, traceparent, accepted_at)
      LEFT JOIN held h ON h.recipient_oin = u.recipient_oin AND h.case_id = u.case_id`,
    (set) => set.deliveries,
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
  ),
];

/** What a message does to earlier ones. */
const EARLIER_PARTS: readonly WritePart[] = [
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
  part(
    'withdrawn_delivery',
    `UPDATE delivery d SET state = 'WITHDRAWN' FROM unnest($1::uuid[]) AS t(i)
      WHERE d.message_id = i AND d.state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD')`,
    (set) => set.withdrawn,
    (row) => row.messageId,
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

export const WRITE_PARTS: readonly WritePart[] = [...CASE_PARTS, ...MESSAGE_PARTS, ...EARLIER_PARTS];
