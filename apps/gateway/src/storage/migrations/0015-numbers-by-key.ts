import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The same numbers (0013, 0014), given to rows that are found by their keys alone. As a join, the plan that a connection
 * makes while the table is empty compared each new row with each one that is there: a quarter of all processor time
 * after ten thousand deliveries, in each month until somebody analyses it.
 */
const NUMBER_DELIVERIES = `
  CREATE OR REPLACE FUNCTION ketenpoort.number_deliveries(max_rows int) RETURNS int
    LANGUAGE plpgsql SET search_path = ketenpoort, pg_temp AS $$
  DECLARE
    recipients text[];
    recipient text;
    earliest timestamptz;
    latest timestamptz;
    numbers jsonb;
    ids uuid[];
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
      SELECT r.oin, u.id, row_number() OVER (PARTITION BY r.oin ORDER BY u.insert_order) AS n
      FROM unnest(recipients) AS r(oin) CROSS JOIN LATERAL (
        SELECT d.id, d.insert_order FROM delivery d
        WHERE d.recipient_oin = r.oin AND d.sequence IS NULL AND d.accepted_at BETWEEN earliest AND latest
        ORDER BY d.insert_order LIMIT max_rows) AS u
    ), sizes AS (
      SELECT oin, count(*) AS size FROM fresh GROUP BY oin
    ), counted AS (
      INSERT INTO recipient_counter AS c (recipient_oin, last_sequence) SELECT oin, size FROM sizes
        ON CONFLICT (recipient_oin) DO UPDATE SET last_sequence = c.last_sequence + excluded.last_sequence
        RETURNING c.recipient_oin, c.last_sequence
    ) SELECT array_agg(f.id), jsonb_object_agg(f.id, c.last_sequence - s.size + f.n) INTO ids, numbers
        FROM fresh f JOIN sizes s ON s.oin = f.oin JOIN counted c ON c.recipient_oin = f.oin;
    IF ids IS NULL THEN RETURN 0; END IF;
    UPDATE delivery d SET sequence = (numbers ->> d.id::text)::bigint
      WHERE d.id = ANY (ids) AND d.accepted_at BETWEEN earliest AND latest;
    -- Inboxes that wait in other processes look only after there is a number to see.
    PERFORM pg_notify('ketenpoort_delivery', '');
    RETURN cardinality(ids);
  END $$;
`;

export class NumbersByKey implements MigrationInterface {
  readonly name = 'NumbersByKey1767226440000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(NUMBER_DELIVERIES);
  }

  /** The function of before gives the same numbers, only slower. */
  async down(): Promise<void> {
    // Nothing: going back needs none of it.
  }
}
