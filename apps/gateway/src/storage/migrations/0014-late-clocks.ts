import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The bounds of time of 0013 come from one look and the rows from the next. A message that was accepted in between, by a
 * process whose clock was ahead or behind, lay outside of them while a later one of its case lay inside and got the lower
 * number. A day on both sides is more than any clock may be off, and opens no more than two months.
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
    SELECT array_agg(DISTINCT d.recipient_oin ORDER BY d.recipient_oin),
        min(d.accepted_at) - interval '1 day', max(d.accepted_at) + interval '1 day'
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

/**
 * Rows dated far ahead by a clock that was wrong lie in the default partition, and cannot be moved where records are
 * append-only. When their month comes it stays there, and keeps no other month from being made, nor a gateway from
 * starting.
 */
const ENSURE_PARTITION = `
  CREATE OR REPLACE FUNCTION ketenpoort.ensure_partition(parent text, suffix text, bounds text) RETURNS void
    LANGUAGE plpgsql SET search_path = ketenpoort, pg_temp AS $$
  DECLARE child text := parent || '_' || suffix;
  BEGIN
    IF to_regclass('ketenpoort.' || quote_ident(child)) IS NOT NULL THEN RETURN; END IF;
    BEGIN
      EXECUTE format('CREATE TABLE ketenpoort.%I PARTITION OF ketenpoort.%I %s', child, parent, bounds);
    EXCEPTION WHEN check_violation THEN
      RAISE WARNING '% stays in %_default, which holds rows of it', child, parent;
      RETURN;
    END;
    IF parent LIKE 'access_record%' THEN
      EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ketenpoort.%I
        FOR EACH STATEMENT EXECUTE FUNCTION ketenpoort.refuse_change()', child);
    END IF;
  END $$;
`;

/** Versions behind a withdrawn one, which until now stayed outstanding for whoever had not taken them. */
const WITHDRAWN_VERSIONS = `
  UPDATE ketenpoort.delivery d SET state = 'WITHDRAWN'
  FROM ketenpoort.message m JOIN ketenpoort.message newer ON newer.id = m.replaced_by
  WHERE newer.withdrawn_at IS NOT NULL AND d.message_id = m.id AND d.accepted_at = m.accepted_at
    AND d.state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD')
`;

export class LateClocks implements MigrationInterface {
  readonly name = 'LateClocks1767226380000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [NUMBER_DELIVERIES, ENSURE_PARTITION, WITHDRAWN_VERSIONS]) await queryRunner.query(sql);
  }

  /** The functions of before differ in bounds and in what they bear only. */
  async down(): Promise<void> {
    // Nothing: going back needs none of it.
  }
}
