import type { PoolClient } from 'pg';
import { recordColumns, recordsCte } from '../../access-log/insert-records.js';
import type { WriteSet } from './write-set.js';

/** Parameters $1..$77 are the batch; the access log's own follow. */
const FIRST_RECORD_PARAMETER = 78;

/** One statement for the whole batch: what of it is empty costs nothing, and its text never changes. */
const WRITE = `
  WITH
  new_person AS (INSERT INTO person (id, subject_index, created_at)
    SELECT i, s, now() FROM unnest($1::uuid[], $2::bytea[]) AS t(i, s)),
  new_case AS (INSERT INTO lvv_case (id, number, pilot, municipality_oin, person_id, state, snapshot, version, identity, wrapped_case_key, key_id, opened_at, updated_at)
    SELECT (s->>'id')::uuid, s->>'number', s->>'pilot', m, p, s->>'state', s, 1, i, w, k, (s->>'openedAt')::timestamptz, now()
    FROM unnest($3::jsonb[], $4::text[], $5::uuid[], $6::bytea[], $7::bytea[], $8::text[]) AS t(s, m, p, i, w, k)),
  changed_case AS (UPDATE lvv_case c SET state = s->>'state', snapshot = s, person_id = p, identity = i, version = c.version + 1, updated_at = now()
    FROM unnest($9::jsonb[], $10::uuid[], $11::bytea[]) AS t(s, p, i) WHERE c.id = (s->>'id')::uuid),
  started_stay AS (INSERT INTO stay (id, case_id, person_id, kind, started_on, dtv_notification_id)
    SELECT * FROM unnest($12::uuid[], $13::uuid[], $14::uuid[], $15::text[], $16::date[], $17::uuid[])),
  ended_stay AS (UPDATE stay s SET ended_on = e FROM unnest($18::uuid[], $19::date[]) AS t(i, e) WHERE s.id = i),
  changed_stay AS (UPDATE stay s SET kind = k FROM unnest($20::uuid[], $21::text[]) AS t(i, k) WHERE s.id = i),
  stopped_timer AS (DELETE FROM timer r USING unnest($22::uuid[], $23::text[]) AS t(c, k) WHERE r.case_id = c AND r.kind = k),
  running_timer AS (INSERT INTO timer (case_id, kind, due_at, started_at)
    SELECT * FROM unnest($24::uuid[], $25::text[], $26::timestamptz[], $27::timestamptz[])
    ON CONFLICT (case_id, kind) DO UPDATE SET due_at = excluded.due_at, started_at = excluded.started_at),
  new_event AS (INSERT INTO case_event (case_id, n, at, transition, from_state, to_state, message_id)
    SELECT * FROM unnest($28::uuid[], $29::int[], $30::timestamptz[], $31::text[], $32::text[], $33::text[], $34::uuid[])),
  new_key AS (INSERT INTO message_key (source, event_id, message_id, body_digest)
    SELECT * FROM unnest($35::text[], $36::text[], $37::uuid[], $38::bytea[])),
  new_message AS (INSERT INTO message (id, source, event_id, contract, type, sender_oin, sender_kind, case_id, purpose, content_digest,
      record_id, entry_digest, key_id, traceparent, accepted_at, expires_at, target_message_id, ended_purposes)
    SELECT id, source, event_id, contract, type, sender_oin, sender_kind, case_id, purpose, content_digest, record_id, entry_digest, key_id,
      traceparent, accepted_at, expires_at, target_message_id, string_to_array(ended_purposes, ',') FROM unnest($37::uuid[], $35::text[], $36::text[], $39::text[], $40::text[], $41::text[], $42::text[], $43::uuid[], $44::text[],
      $45::bytea[], $46::uuid[], $47::bytea[], $48::text[], $49::text[], $50::timestamptz[], $51::timestamptz[], $52::uuid[], $77::text[])
      AS u(id, source, event_id, contract, type, sender_oin, sender_kind, case_id, purpose, content_digest, record_id, entry_digest, key_id,
        traceparent, accepted_at, expires_at, target_message_id, ended_purposes)),
  new_content AS (INSERT INTO content (message_id, case_id, key_id, wrapped_key, nonce, ciphertext, created_at)
    SELECT * FROM unnest($53::uuid[], $54::uuid[], $55::text[], $56::bytea[], $57::bytea[], $58::bytea[], $59::timestamptz[])),
  new_delivery AS (INSERT INTO delivery (id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, traceparent, accepted_at, state, parked_at)
    SELECT u.*, CASE WHEN h.held THEN 'PARKED' ELSE 'OUTSTANDING' END, CASE WHEN h.held THEN now() END
    FROM unnest($60::uuid[], $61::uuid[], $62::text[], $63::uuid[], $64::text[], $65::text[], $66::text[], $67::int[], $68::text[], $69::timestamptz[])
      AS u(id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, traceparent, accepted_at)
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM delivery d WHERE d.recipient_oin = u.recipient_oin AND d.case_id = u.case_id
      AND d.state IN ('PARKED', 'DEAD') AND d.skipped_at IS NULL) AS held) AS h),
  replaced_message AS (UPDATE message m SET replaced_by = b FROM unnest($70::uuid[], $71::uuid[]) AS t(i, b) WHERE m.id = i OR m.replaced_by = i),
  withdrawn_message AS (UPDATE message m SET withdrawn_at = a FROM unnest($72::uuid[], $73::timestamptz[]) AS t(i, a) WHERE m.id = i),
  withdrawn_delivery AS (UPDATE delivery d SET state = 'WITHDRAWN' FROM unnest($72::uuid[]) AS t(i)
    WHERE d.message_id = i AND d.state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD')),
  confirmed_delivery AS (UPDATE delivery d SET confirmed_at = a FROM unnest($74::uuid[], $75::text[], $76::timestamptz[]) AS t(i, o, a)
    WHERE d.message_id = i AND d.recipient_oin = o AND d.confirmed_at IS NULL),
  ${recordsCte(FIRST_RECORD_PARAMETER)}
  SELECT pg_notify('ketenpoort_delivery', '') WHERE cardinality($60::uuid[]) > 0`;

/** Column `pick` of every row, as one array parameter. */
const column = <Row, Value>(rows: readonly Row[], pick: (row: Row) => Value): Value[] => rows.map(pick);

/** Writes the batch. Constraint violations reject; the caller rolls back and replays one by one. */
export async function writeBatch(client: PoolClient, set: WriteSet): Promise<void> {
  await client.query({
    name: 'accept-write',
    text: WRITE,
    values: [...caseColumns(set), ...messageColumns(set), ...recordColumns(set.records)],
  });
}

function caseColumns(set: WriteSet): unknown[] {
  const opened = [...set.newCases.values()];
  const changed = [...set.changedCases.values()];
  const timers = [...opened, ...changed].flatMap((row) =>
    row.snapshot.timers.map((timer) => ({ caseId: row.id, ...timer })),
  );
  // A timer that stopped and started again within the batch is only changed: one statement must not touch a row twice.
  const running = new Set(timers.map((timer) => `${timer.caseId} ${timer.kind}`));
  const stopped = set.timersStopped.filter((timer) => !running.has(`${timer.caseId} ${timer.kind}`));
  return [
    column(set.persons, (row) => row.id),
    column(set.persons, (row) => row.subjectIndex),
    column(opened, (row) => JSON.stringify(row.snapshot)),
    column(opened, (row) => row.municipalityOin),
    column(opened, (row) => row.personId),
    column(opened, (row) => row.identity),
    column(opened, (row) => row.wrappedCaseKey),
    column(opened, (row) => row.keyId),
    column(changed, (row) => JSON.stringify(row.snapshot)),
    column(changed, (row) => row.personId),
    column(changed, (row) => row.identity),
    column(set.staysStarted, (row) => row.stay.stayId),
    column(set.staysStarted, (row) => row.caseId),
    column(set.staysStarted, (row) => row.personId),
    column(set.staysStarted, (row) => row.stay.kind),
    column(set.staysStarted, (row) => row.stay.startedOn),
    column(set.staysStarted, (row) => row.stay.dtvNotificationId),
    column(set.staysEnded, (row) => row.stayId),
    column(set.staysEnded, (row) => row.endedOn),
    column(set.staysChanged, (row) => row.stayId),
    column(set.staysChanged, (row) => row.kind),
    column(stopped, (row) => row.caseId),
    column(stopped, (row) => row.kind),
    column(timers, (row) => row.caseId),
    column(timers, (row) => row.kind),
    column(timers, (row) => row.dueAt),
    column(timers, (row) => row.startedAt),
    column(set.caseEvents, (row) => row.caseId),
    column(set.caseEvents, (row) => row.n),
    column(set.caseEvents, (row) => row.at),
    column(set.caseEvents, (row) => row.transition),
    column(set.caseEvents, (row) => row.fromState),
    column(set.caseEvents, (row) => row.toState),
    column(set.caseEvents, (row) => row.messageId),
  ];
}

function messageColumns(set: WriteSet): unknown[] {
  const { messages, contents, deliveries } = set;
  return [
    column(messages, (row) => row.source),
    column(messages, (row) => row.eventId),
    column(messages, (row) => row.id),
    column(messages, (row) => row.bodyDigest),
    column(messages, (row) => row.contract),
    column(messages, (row) => row.type),
    column(messages, (row) => row.senderOin),
    column(messages, (row) => row.senderKind),
    column(messages, (row) => row.caseId),
    column(messages, (row) => row.purpose),
    column(messages, (row) => row.contentDigest),
    column(messages, (row) => row.recordId),
    column(messages, (row) => row.entryDigest),
    column(messages, (row) => row.keyId),
    column(messages, (row) => row.traceparent),
    column(messages, (row) => row.acceptedAt),
    column(messages, (row) => row.expiresAt),
    column(messages, (row) => row.targetMessageId),
    column(contents, (row) => row.messageId),
    column(contents, (row) => row.caseId),
    column(contents, (row) => row.keyId),
    column(contents, (row) => row.wrappedKey),
    column(contents, (row) => row.nonce),
    column(contents, (row) => row.ciphertext),
    column(contents, (row) => row.createdAt),
    column(deliveries, (row) => row.id),
    column(deliveries, (row) => row.messageId),
    column(deliveries, (row) => row.recipientOin),
    column(deliveries, (row) => row.caseId),
    column(deliveries, (row) => row.purpose),
    column(deliveries, (row) => row.family),
    column(deliveries, (row) => row.partitionKey),
    column(deliveries, (row) => row.caseSequence),
    column(deliveries, (row) => row.traceparent),
    column(deliveries, (row) => row.acceptedAt),
    column(set.replaced, (row) => row.messageId),
    column(set.replaced, (row) => row.by),
    column(set.withdrawn, (row) => row.messageId),
    column(set.withdrawn, (row) => row.at),
    column(set.confirmed, (row) => row.messageId),
    column(set.confirmed, (row) => row.recipientOin),
    column(set.confirmed, (row) => row.at),
    column(messages, (row) => row.endedPurposes.join(',')),
  ];
}
