import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What retention needs to find: records by the month in which their term ends, and the few ERASURE records. One month is
 * one key of the first index, stored once for all its rows.
 */
const INDEXES = `
  CREATE INDEX access_record_expiry ON ketenpoort.access_record (expires_month);
  CREATE INDEX access_record_erasure ON ketenpoort.access_record (at) WHERE kind = 'ERASURE';
`;

/** A case that ended long ago is counted, and is nobody's: its row stays without person, identity and key. */
const CLOSED_CASES = `
  ALTER TABLE ketenpoort.lvv_case ALTER COLUMN person_id DROP NOT NULL;
  ALTER TABLE ketenpoort.lvv_case ADD CHECK (person_id IS NOT NULL OR (state = 'CLOSED' AND identity IS NULL AND wrapped_case_key IS NULL));
  ALTER TABLE ketenpoort.stay ALTER COLUMN person_id DROP NOT NULL;
  ALTER TABLE ketenpoort.stay ADD CHECK (person_id IS NOT NULL OR ended_on IS NOT NULL);
  COMMENT ON COLUMN ketenpoort.lvv_case.person_id IS 'null once the term of the case has ended';
  CREATE TABLE ketenpoort.retention_hold (
    case_id uuid PRIMARY KEY REFERENCES ketenpoort.lvv_case (id),
    until   timestamptz NOT NULL,
    -- A code, never a text about someone.
    ground  text NOT NULL CHECK (ground ~ '^[A-Z][A-Z0-9_-]{1,39}$')
  );
`;

/**
 * The role of retention removes records and nothing else of the log, never a permanent one, and the only record that it
 * can add is an ERASURE. The gateway's role and the owner remove none, as before.
 */
const GUARDS = `
  CREATE OR REPLACE FUNCTION ketenpoort.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'DELETE' AND current_user = 'ketenpoort_retention' THEN
      IF TG_TABLE_NAME LIKE 'access\\_record\\_subject%' THEN RETURN OLD; END IF;
      IF TG_TABLE_NAME LIKE 'access\\_record%' THEN
        IF OLD.retention_class <> 'PERMANENT' THEN RETURN OLD; END IF;
      END IF;
    END IF;
    RAISE EXCEPTION 'the access log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$;
  CREATE FUNCTION ketenpoort.refuse_record() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.kind = 'ERASURE' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'retention records what it erases and nothing else' USING ERRCODE = 'insufficient_privilege';
  END $$;
  -- After \`derive\`, which says the kind: triggers run in the order of their names.
  CREATE TRIGGER erasures_only BEFORE INSERT ON ketenpoort.access_record
    FOR EACH ROW WHEN (current_user = 'ketenpoort_retention') EXECUTE FUNCTION ketenpoort.refuse_record();
  CREATE TRIGGER erasures_only BEFORE INSERT ON ketenpoort.access_record_subject
    FOR EACH ROW WHEN (current_user = 'ketenpoort_retention') EXECUTE FUNCTION ketenpoort.refuse_change();
`;

const GRANTS = `
  REVOKE UPDATE ON ketenpoort.content, ketenpoort.timer, ketenpoort.person, ketenpoort.case_event FROM ketenpoort_retention;
  REVOKE DELETE ON ketenpoort.delivery, ketenpoort.lvv_case, ketenpoort.stay, ketenpoort.case_event FROM ketenpoort_retention;
  REVOKE UPDATE, DELETE ON ketenpoort.message, ketenpoort.message_key FROM ketenpoort_retention;
  GRANT INSERT ON ketenpoort.case_event TO ketenpoort_retention;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ketenpoort.retention_hold TO ketenpoort_retention;
  GRANT SELECT ON ketenpoort.retention_hold TO ketenpoort_app, ketenpoort_reader;
`;

export class Retention implements MigrationInterface {
  readonly name = 'Retention1767225960000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [INDEXES, CLOSED_CASES, GUARDS, GRANTS]) await queryRunner.query(sql);
  }

  /** Evidence is never migrated away: going back is restoring a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('what was erased does not come back; restore a backup instead'));
  }
}
