import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One round trip that takes every lock of a batch in the one global order (message keys, persons, cases, case numbers;
 * each kind sorted) and then reads. A function, because under READ COMMITTED each of its statements sees what was
 * committed before the locks were granted; a single statement would read a snapshot older than its own locks.
 */
const LOCK_AND_READ = `
  CREATE FUNCTION ketenpoort.lock_and_read(
    sources text[], event_ids text[], subjects bytea[], person_cases uuid[], cases uuid[], targets uuid[],
    number_pilots text[], number_years int[], number_counts int[], stay_ids uuid[]
  ) RETURNS jsonb LANGUAGE plpgsql SET search_path = ketenpoort, pg_temp AS $$
  DECLARE
    key bigint;
    numbers jsonb := '[]';
    last_number int;
  BEGIN
    FOR key IN SELECT DISTINCT hashtextextended(s || E'\\n' || e, 1) AS k FROM unnest(sources, event_ids) AS t(s, e) ORDER BY k LOOP
      PERFORM pg_advisory_xact_lock(key);
    END LOOP;
    FOR key IN
      SELECT DISTINCT hashtextextended(k, 2) AS h FROM (
        SELECT p.id::text AS k FROM lvv_case c JOIN person p ON p.id = c.person_id WHERE c.id = ANY (person_cases)
        UNION SELECT coalesce(p.id::text, encode(s, 'hex')) FROM unnest(subjects) AS s LEFT JOIN person p ON p.subject_index = s
        UNION SELECT encode(s, 'hex') FROM unnest(subjects) AS s
      ) AS persons ORDER BY h
    LOOP
      PERFORM pg_advisory_xact_lock(key);
    END LOOP;
    PERFORM 1 FROM lvv_case WHERE id = ANY (cases) ORDER BY id FOR UPDATE;
    FOR i IN 1 .. coalesce(array_length(number_pilots, 1), 0) LOOP
      INSERT INTO case_number AS n (pilot, year, last) VALUES (number_pilots[i], number_years[i], number_counts[i])
        ON CONFLICT (pilot, year) DO UPDATE SET last = n.last + excluded.last RETURNING n.last INTO last_number;
      numbers := numbers || to_jsonb(last_number);
    END LOOP;
    RETURN jsonb_build_object(
      'numbers', numbers,
      'keys', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'source', k.source, 'id', k.event_id, 'bodyDigest', encode(k.body_digest, 'base64'), 'messageId', m.id,
          'contentDigest', encode(m.content_digest, 'base64'), 'recordId', m.record_id,
          'entryDigest', encode(m.entry_digest, 'base64'), 'acceptedAt', m.accepted_at, 'caseId', m.case_id, 'keyId', m.key_id)), '[]')
        FROM unnest(sources, event_ids) AS t(s, e)
        JOIN message_key k ON k.source = t.s AND k.event_id = t.e JOIN message m ON m.id = k.message_id),
      'cases', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'id', c.id, 'personId', c.person_id, 'subjectIndex', encode(p.subject_index, 'base64'), 'version', c.version,
          'identity', encode(c.identity, 'base64'), 'wrappedCaseKey', encode(c.wrapped_case_key, 'base64'), 'keyId', c.key_id,
          'snapshot', c.snapshot, 'events', (SELECT coalesce(max(n), 0) FROM case_event e WHERE e.case_id = c.id))), '[]')
        FROM lvv_case c JOIN person p ON p.id = c.person_id WHERE c.id = ANY (cases)),
      'persons', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'subjectIndex', encode(p.subject_index, 'base64'), 'id', p.id)), '[]') FROM person p WHERE p.subject_index = ANY (subjects)),
      'personCases', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'personId', c.person_id, 'caseId', c.id, 'pilot', c.pilot,
          'open', c.state NOT IN ('REFUSED', 'EXITED', 'CLOSED', 'VOIDED'),
          'openShelter', EXISTS (SELECT 1 FROM stay s WHERE s.case_id = c.id AND s.kind = 'SHELTER' AND s.ended_on IS NULL))), '[]')
        FROM lvv_case c WHERE c.person_id IN (
          SELECT p.id FROM person p WHERE p.subject_index = ANY (subjects)
          UNION SELECT o.person_id FROM lvv_case o WHERE o.id = ANY (person_cases))),
      'stays', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'caseId', s.case_id)), '[]')
        FROM stay s WHERE s.id = ANY (stay_ids)),
      'targets', (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'messageId', m.id, 'contract', m.contract, 'caseId', m.case_id, 'senderOin', m.sender_oin,
          'recipients', (SELECT coalesce(jsonb_agg(d.recipient_oin), '[]') FROM delivery d WHERE d.message_id = m.id))), '[]')
        FROM message m WHERE m.id = ANY (targets)));
  END $$;
  REVOKE ALL ON FUNCTION ketenpoort.lock_and_read(text[], text[], bytea[], uuid[], uuid[], uuid[], text[], int[], int[], uuid[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ketenpoort.lock_and_read(text[], text[], bytea[], uuid[], uuid[], uuid[], text[], int[], int[], uuid[]) TO ketenpoort_app;
  -- A parked case is asked about for every new delivery: keep that question cheap.
  CREATE INDEX delivery_held ON ketenpoort.delivery (recipient_oin, case_id) WHERE state IN ('PARKED', 'DEAD');
  -- What is not done yet is a small part of all deliveries: the operator's figures read only that part.
  CREATE INDEX delivery_unfinished ON ketenpoort.delivery (state, accepted_at) WHERE state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD');
  -- An older version of a dossier part always points to the newest one.
  CREATE INDEX message_replaced ON ketenpoort.message (replaced_by) WHERE replaced_by IS NOT NULL;
`;

/**
 * The numberer (design 6): gives committed deliveries their gapless number per recipient, in the order in which they were
 * made. The lock is per recipient and sorted, so processes queue instead of missing each other's rows.
 */
const NUMBER_DELIVERIES = `
  CREATE FUNCTION ketenpoort.number_deliveries(max_rows int) RETURNS int
    LANGUAGE plpgsql SET search_path = ketenpoort, pg_temp AS $$
  DECLARE
    recipient text;
    numbered int;
    total int := 0;
  BEGIN
    FOR recipient IN SELECT DISTINCT d.recipient_oin FROM delivery d WHERE d.sequence IS NULL ORDER BY 1 LOOP
      PERFORM pg_advisory_xact_lock(hashtextextended(recipient, 3));
      INSERT INTO recipient_counter (recipient_oin, last_sequence) VALUES (recipient, 0) ON CONFLICT DO NOTHING;
      WITH fresh AS (
        SELECT u.id, u.accepted_at, row_number() OVER (ORDER BY u.insert_order) AS n FROM (
          SELECT d.id, d.accepted_at, d.insert_order FROM delivery d
          WHERE d.recipient_oin = recipient AND d.sequence IS NULL ORDER BY d.insert_order LIMIT max_rows) AS u
      ), done AS (
        UPDATE delivery d SET sequence = c.last_sequence + f.n FROM fresh f, recipient_counter c
        WHERE c.recipient_oin = recipient AND d.id = f.id AND d.accepted_at = f.accepted_at RETURNING 1
      ) SELECT count(*) INTO numbered FROM done;
      UPDATE recipient_counter SET last_sequence = last_sequence + numbered WHERE recipient_oin = recipient;
      total := total + numbered;
    END LOOP;
    -- Inboxes that wait in other processes look only after there is a number to see.
    IF total > 0 THEN PERFORM pg_notify('ketenpoort_delivery', ''); END IF;
    RETURN total;
  END $$;
  REVOKE ALL ON FUNCTION ketenpoort.number_deliveries(int) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ketenpoort.number_deliveries(int) TO ketenpoort_app;
`;

export class LockAndRead implements MigrationInterface {
  readonly name = 'LockAndRead1767225660000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(LOCK_AND_READ);
    await queryRunner.query(NUMBER_DELIVERIES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP FUNCTION ketenpoort.number_deliveries(int); DROP INDEX ketenpoort.message_replaced; DROP INDEX ketenpoort.delivery_unfinished; DROP INDEX ketenpoort.delivery_held; DROP FUNCTION ketenpoort.lock_and_read(text[], text[], bytea[], uuid[], uuid[], uuid[], text[], int[], int[], uuid[])',
    );
  }
}
