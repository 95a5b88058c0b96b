import type { CaseTimer } from '../../cases/case-snapshot.js';
import { part, type WritePart } from './write-part.js';
import type { CaseRow, WriteSet } from './write-set.js';

const written = ({ newCases, changedCases }: WriteSet): readonly CaseRow[] => [
  ...newCases.values(),
  ...changedCases.values(),
];

/** Timers that the batch starts or moves: most messages do neither. */
function startedTimers(set: WriteSet) {
  return written(set).flatMap(({ id, snapshot, timersBefore }) =>
    snapshot.timers
      .filter((timer) => !timersBefore.some((before) => isSame(before, timer)))
      .map((timer) => ({ caseId: id, ...timer })),
  );
}

/** None of them is started as well: one statement must not touch a row twice. */
function stoppedTimers(set: WriteSet) {
  return written(set).flatMap(({ id, snapshot, timersBefore }) =>
    timersBefore
      .filter(({ kind }) => !snapshot.timers.some((timer) => timer.kind === kind))
      .map(({ kind }) => ({ caseId: id, kind })),
  );
}

function isSame(a: CaseTimer, b: CaseTimer): boolean {
  return a.kind === b.kind && a.dueAt === b.dueAt && a.startedAt === b.startedAt;
}

/** What of the case process a batch changes. */
export const CASE_PARTS: readonly WritePart[] = [
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
    'started_timer',
    `INSERT INTO timer (case_id, kind, due_at, started_at)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[])
      ON CONFLICT (case_id, kind) DO UPDATE SET due_at = excluded.due_at, started_at = excluded.started_at`,
    startedTimers,
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
