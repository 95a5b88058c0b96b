import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What `lock_and_read` did (0002), for less. Each part is a statement of its own that runs only when the batch asks for
 * it: a part without question still set up its scans, those of `delivery` once a month of partitions. Known keys are
 * looked up one by one, whatever the planner thinks: its plan was made while the table was small and read all of it.
 * And the answer is `json`, which is text already. `lock_and_read` stays for the release before; the next one drops it.
 */
const LOCK_BATCH = `
  CREATE FUNCTION ketenpoort.lock_batch(
    sources text[], event_ids text[], subjects bytea[], person_cases uuid[], cases uuid[], targets uuid[],
    number_pilots text[], number_years int[], number_counts int[], stay_ids uuid[]
  ) RETURNS json LANGUAGE plpgsql SET search_path = ketenpoort, pg_temp AS $$
  DECLARE
    numbers int[] := '{}';
    last_number int;
    known_keys json;
    found_cases json;
    found_persons json;
    person_case json;
    found_stays json;
    found_targets json;
  BEGIN
    PERFORM pg_advisory_xact_lock(keys.k) FROM (
      SELECT DISTINCT hashtextextended(s || E'\\n' || e, 1) AS k FROM unnest(sources, event_ids) AS t(s, e) ORDER BY k) AS keys;
    IF cardinality(subjects) + cardinality(person_cases) > 0 THEN
      PERFORM pg_advisory_xact_lock(persons.h) FROM (
        SELECT DISTINCT hashtextextended(k, 2) AS h FROM (
          SELECT p.id::text AS k FROM lvv_case c JOIN person p ON p.id = c.person_id WHERE c.id = ANY (person_cases)
          UNION SELECT coalesce(p.id::text, encode(s, 'hex')) FROM unnest(subjects) AS s LEFT JOIN person p ON p.subject_index = s
          UNION SELECT encode(s, 'hex') FROM unnest(subjects) AS s
        ) AS named ORDER BY h) AS persons;
    END IF;
    PERFORM 1 FROM lvv_case WHERE id = ANY (cases) ORDER BY id FOR UPDATE;
    FOR i IN 1 .. cardinality(number_pilots) LOOP
      INSERT INTO case_number AS n (pilot, year, last) VALUES (number_pilots[i], number_years[i], number_counts[i])
        ON CONFLICT (pilot, year) DO UPDATE SET last = n.last + excluded.last RETURNING n.last INTO last_number;
      numbers := numbers || last_number;
    END LOOP;
    known_keys := (SELECT json_agg(json_build_object(
        'source', k.source, 'id', k.event_id, 'bodyDigest', encode(k.body_digest, 'base64'), 'messageId', m.id,
        'contentDigest', encode(m.content_digest, 'base64'), 'recordId', m.record_id,
        'entryDigest', encode(m.entry_digest, 'base64'), 'acceptedAt', m.accepted_at, 'caseId', m.case_id, 'keyId', m.key_id))
      FROM unnest(sources, event_ids) AS t(s, e)
      CROSS JOIN LATERAL (SELECT f.source, f.event_id, f.message_id, f.body_digest
        FROM message_key f WHERE f.source = t.s AND f.event_id = t.e LIMIT 1) AS k
      JOIN message m ON m.id = k.message_id);
    IF cardinality(cases) > 0 THEN
      found_cases := (SELECT json_agg(json_build_object(
          'id', c.id, 'personId', c.person_id, 'subjectIndex', encode(p.subject_index, 'base64'), 'version', c.version,
          'identity', encode(c.identity, 'base64'), 'wrappedCaseKey', encode(c.wrapped_case_key, 'base64'), 'keyId', c.key_id,
          'snapshot', c.snapshot, 'events', (SELECT coalesce(max(n), 0) FROM case_event e WHERE e.case_id = c.id)))
        FROM lvv_case c JOIN person p ON p.id = c.person_id WHERE c.id = ANY (cases));
    END IF;
    IF cardinality(subjects) > 0 THEN
      found_persons := (SELECT json_agg(json_build_object('subjectIndex', encode(p.subject_index, 'base64'), 'id', p.id))
        FROM person p WHERE p.subject_index = ANY (subjects));
    END IF;
    IF cardinality(subjects) + cardinality(person_cases) > 0 THEN
      person_case := (SELECT json_agg(json_build_object(
          'personId', c.person_id, 'caseId', c.id, 'pilot', c.pilot,
          'open', c.state NOT IN ('REFUSED', 'EXITED', 'CLOSED', 'VOIDED'),
          'openShelter', EXISTS (SELECT 1 FROM stay s WHERE s.case_id = c.id AND s.kind = 'SHELTER' AND s.ended_on IS NULL)))
        FROM lvv_case c WHERE c.person_id IN (
          SELECT p.id FROM person p WHERE p.subject_index = ANY (subjects)
          UNION SELECT o.person_id FROM lvv_case o WHERE o.id = ANY (person_cases)));
    END IF;
    IF cardinality(stay_ids) > 0 THEN
      found_stays := (SELECT json_agg(json_build_object('id', s.id, 'caseId', s.case_id)) FROM stay s WHERE s.id = ANY (stay_ids));
    END IF;
    IF cardinality(targets) > 0 THEN
      found_targets := (SELECT json_agg(json_build_object(
          'messageId', m.id, 'contract', m.contract, 'caseId', m.case_id, 'senderOin', m.sender_oin,
          'recipients', (SELECT coalesce(json_agg(d.recipient_oin), '[]') FROM delivery d WHERE d.message_id = m.id)))
        FROM message m WHERE m.id = ANY (targets));
    END IF;
    RETURN json_build_object('numbers', numbers, 'keys', known_keys, 'cases', found_cases, 'persons', found_persons,
      'personCases', person_case, 'stays', found_stays, 'targets', found_targets);
  END $$;
  REVOKE ALL ON FUNCTION ketenpoort.lock_batch(text[], text[], bytea[], uuid[], uuid[], uuid[], text[], int[], int[], uuid[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ketenpoort.lock_batch(text[], text[], bytea[], uuid[], uuid[], uuid[], text[], int[], int[], uuid[]) TO ketenpoort_app;
`;

/**
 * The same columns from the same bytes (docs/decisions/0011), without a query inside the trigger: who is concerned was
 * half of its time. `concerned_by` has no caller any more; the next release drops it.
 */
const DERIVE = `
  CREATE OR REPLACE FUNCTION ketenpoort.derive_record_columns() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    record jsonb := convert_from(NEW.canonical, 'UTF8')::jsonb;
    recipients jsonb := record -> 'recipients';
    named text[] := ARRAY[record #>> '{peer,oin}', record ->> 'source', record ->> 'municipality'];
    oin text;
    place int;
    concerned text[] := '{}';
  BEGIN
    NEW.kind := record ->> 'kind';
    NEW.peer_oin := named[1];
    NEW.purpose := record ->> 'purpose';
    NEW.case_id := record ->> 'caseId';
    NEW.message_id := record ->> 'messageId';
    NEW.decision := record #>> '{decision,outcome}';
    NEW.action := record ->> 'action';
    NEW.contract := record #>> '{contract,id}';
    NEW.processing_activity := record ->> 'processingActivity';
    NEW.trace_id := record ->> 'traceId';
    FOR n IN 0 .. coalesce(jsonb_array_length(recipients), 0) - 1 LOOP
      named := named || (recipients ->> n);
    END LOOP;
    -- Each once, in order.
    FOREACH oin IN ARRAY named LOOP
      CONTINUE WHEN oin IS NULL OR oin = ANY (concerned);
      place := 1;
      WHILE concerned[place] < oin LOOP place := place + 1; END LOOP;
      concerned := concerned[:place - 1] || oin || concerned[place:];
    END LOOP;
    NEW.concerns := nullif(concerned, '{}');
    RETURN NEW;
  END $$;
`;

/**
 * The same numbers (0002), for all recipients in one statement and with bounds of time, so that it opens the months that
 * hold something and not all of them, once and not once a recipient.
 */
const NUMBER_DELIVERIES = `
  CREATE OR REPLACE FUNCTION ketenpoort.number_deliveries(max_rows int) RETURNS int
    LANGUAGE plpgsql SET search_path = ketenpoort, pg_temp AS $$
  DECLARE
    recipients text[];
    recipient text;
    earliest timestamptz;
    latest timestamptz;
    total int;
  BEGIN
    SELECT array_agg(DISTINCT d.recipient_oin ORDER BY d.recipient_oin), min(d.accepted_at), max(d.accepted_at)
      INTO recipients, earliest, latest FROM delivery d WHERE d.sequence IS NULL;
    IF recipients IS NULL THEN RETURN 0; END IF;
    FOREACH recipient IN ARRAY recipients LOOP
      PERFORM pg_advisory_xact_lock(hashtextextended(recipient, 3));
    END LOOP;
    -- A statement of its own: it sees what others have numbered until the locks were granted.
    WITH fresh AS (
      SELECT r.oin, u.id, u.accepted_at, row_number() OVER (PARTITION BY r.oin ORDER BY u.insert_order) AS n
      FROM unnest(recipients) AS r(oin) CROSS JOIN LATERAL (
        SELECT d.id, d.accepted_at, d.insert_order FROM delivery d
        WHERE d.recipient_oin = r.oin AND d.sequence IS NULL AND d.accepted_at BETWEEN earliest AND latest
        ORDER BY d.insert_order LIMIT max_rows) AS u
    ), sizes AS (
      SELECT oin, count(*) AS size FROM fresh GROUP BY oin
    ), counted AS (
      INSERT INTO recipient_counter AS c (recipient_oin, last_sequence) SELECT oin, size FROM sizes
        ON CONFLICT (recipient_oin) DO UPDATE SET last_sequence = c.last_sequence + excluded.last_sequence
        RETURNING c.recipient_oin, c.last_sequence
    ), done AS (
      UPDATE delivery d SET sequence = c.last_sequence - s.size + f.n
        FROM fresh f JOIN sizes s ON s.oin = f.oin JOIN counted c ON c.recipient_oin = f.oin
        WHERE d.id = f.id AND d.accepted_at = f.accepted_at AND d.accepted_at BETWEEN earliest AND latest RETURNING 1
    ) SELECT count(*) INTO total FROM done;
    -- Inboxes that wait in other processes look only after there is a number to see.
    IF total > 0 THEN PERFORM pg_notify('ketenpoort_delivery', ''); END IF;
    RETURN total;
  END $$;
`;

export class CheaperBatches implements MigrationInterface {
  readonly name = 'CheaperBatches1767226320000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [LOCK_BATCH, DERIVE, NUMBER_DELIVERIES]) await queryRunner.query(sql);
  }

  /** The functions of before say the same, only slower: going back needs none of them. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP FUNCTION ketenpoort.lock_batch(text[], text[], bytea[], uuid[], uuid[], uuid[], text[], int[], int[], uuid[])',
    );
  }
}
