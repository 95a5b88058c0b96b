import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A closed case is nobody's: its number stood in letters, and whoever has one would know that it was this person's. */
const NUMBERS = `
  ALTER TABLE ketenpoort.lvv_case ALTER COLUMN number DROP NOT NULL;
  ALTER TABLE ketenpoort.lvv_case ADD CHECK (number IS NOT NULL OR person_id IS NULL);
  COMMENT ON COLUMN ketenpoort.lvv_case.number IS 'null once the term of the case has ended';
`;

/** What 0006 meant and 0007 took away: with the case goes what was answered to the resident; and who had a grant. */
const GUARDS = `
  CREATE OR REPLACE FUNCTION ketenpoort.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'DELETE' AND current_user = 'ketenpoort_retention' THEN
      IF TG_TABLE_NAME LIKE 'access\\_record\\_subject%' OR TG_TABLE_NAME LIKE 'data\\_subject\\_report%' THEN RETURN OLD; END IF;
      IF TG_TABLE_NAME LIKE 'access\\_record%' THEN
        IF OLD.retention_class <> 'PERMANENT' THEN RETURN OLD; END IF;
      END IF;
    END IF;
    RAISE EXCEPTION 'the access log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$;
  GRANT SELECT, DELETE ON ketenpoort.access_grant TO ketenpoort_retention;
`;

const OF_CLOSED = `SELECT id FROM ketenpoort.lvv_case WHERE person_id IS NULL`;
const REPORTS_OF_CLOSED = `SELECT id FROM ketenpoort.data_subject_report WHERE case_id IN (${OF_CLOSED})`;
const reportRows = (table: string, where: string): string => `
  ALTER TABLE ketenpoort.${table} DISABLE TRIGGER append_only;
  DELETE FROM ketenpoort.${table} WHERE ${where};
  ALTER TABLE ketenpoort.${table} ENABLE TRIGGER append_only;`;
/** What cases that are closed already had left. */
const LEFT_BEHIND = `
  ${['_withheld', '_step', '_part'].map((rows) => reportRows(`data_subject_report${rows}`, `report_id IN (${REPORTS_OF_CLOSED})`)).join('')}
  ${reportRows('data_subject_report', `case_id IN (${OF_CLOSED})`)}
  DELETE FROM ketenpoort.access_grant WHERE case_id IN (${OF_CLOSED});
  UPDATE ketenpoort.lvv_case SET number = NULL WHERE person_id IS NULL;
`;

export class ClosedCases implements MigrationInterface {
  readonly name = 'ClosedCases1767226500000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [NUMBERS, GUARDS, LEFT_BEHIND]) await queryRunner.query(sql);
  }

  /** Evidence is never migrated away: going back is restoring a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('what was erased does not come back; restore a backup instead'));
  }
}
