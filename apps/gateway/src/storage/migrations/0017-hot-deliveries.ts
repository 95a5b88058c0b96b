import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A delivery is written four times: made, published, fetched, taken. Each time anew into seven indexes, since some of
 * them held what had changed, or asked for it. Those that are left name only what stays, except the one of what is not
 * taken yet; with room in its page a row then changes where it stands (HOT). What is unpublished is no longer looked up
 * in an index: `publish_position` says up to which number all is done. Processes of before this ask by the indexes that
 * go: until they are replaced they are right and slow. No release has been made yet; after one this would take two.
 */
const INDEXES = `
  DROP INDEX ketenpoort.delivery_unpublished;
  DROP INDEX ketenpoort.delivery_unfinished;
  DROP INDEX ketenpoort.delivery_held;
  CREATE INDEX delivery_untaken ON ketenpoort.delivery (accepted_at) WHERE taken_at IS NULL;
  CREATE INDEX delivery_parked ON ketenpoort.delivery (case_id, recipient_oin) WHERE parked_at IS NOT NULL;
`;

/**
 * `sequence`: every delivery of the recipient up to it was published, or need not be. `resends` counts how often a
 * lower one was to be published again, so that a relay which read before that does not write its own position over it.
 */
const POSITION = `
  CREATE TABLE ketenpoort.publish_position (
    recipient_oin text PRIMARY KEY,
    sequence      bigint NOT NULL CHECK (sequence >= 0),
    resends       bigint NOT NULL CHECK (resends >= 0)
  );
  INSERT INTO ketenpoort.publish_position (recipient_oin, sequence, resends)
    SELECT c.recipient_oin, coalesce((SELECT min(d.sequence) - 1 FROM ketenpoort.delivery d
      WHERE d.recipient_oin = c.recipient_oin AND d.published_at IS NULL AND d.sequence IS NOT NULL
        AND d.state IN ('OUTSTANDING', 'FETCHED')), c.last_sequence), 0
    FROM ketenpoort.recipient_counter c;
  GRANT SELECT, INSERT, UPDATE ON ketenpoort.publish_position TO ketenpoort_app;
`;

/** Half of a page is left for the later versions of its rows (else as in 0014). For pages that are filled from now on. */
const ROOM = `
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
    IF parent = 'delivery' THEN
      EXECUTE format('ALTER TABLE ketenpoort.%I SET (fillfactor = 50)', child);
    END IF;
  END $$;
  DO $$
  DECLARE child regclass;
  BEGIN
    FOR child IN SELECT i.inhrelid::regclass FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
      WHERE p.relname = 'delivery' AND p.relnamespace = 'ketenpoort'::regnamespace LOOP
      EXECUTE format('ALTER TABLE %s SET (fillfactor = 50)', child);
    END LOOP;
  END $$;
`;

export class HotDeliveries implements MigrationInterface {
  readonly name = 'HotDeliveries1767226560000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [INDEXES, POSITION, ROOM]) await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE ketenpoort.publish_position;
      DROP INDEX ketenpoort.delivery_untaken;
      DROP INDEX ketenpoort.delivery_parked;
      CREATE INDEX delivery_unpublished ON ketenpoort.delivery (recipient_oin, sequence) WHERE published_at IS NULL;
      CREATE INDEX delivery_held ON ketenpoort.delivery (recipient_oin, case_id) WHERE state IN ('PARKED', 'DEAD');
      CREATE INDEX delivery_unfinished ON ketenpoort.delivery (state, accepted_at)
        WHERE state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD')`);
  }
}
