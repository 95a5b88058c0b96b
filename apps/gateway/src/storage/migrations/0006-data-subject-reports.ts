import type { MigrationInterface, QueryRunner } from 'typeorm';

const OIN = `'^[0-9]{8}[0-9A-Za-z]{12}$'`;

/**
 * Reports of AVG art. 15 and Wpg art. 25. A part belongs to one controller; what happens to it is a row that is never
 * changed. No content and no name stands here: which records a report covers follows from person and time.
 */
const TABLES = `
  CREATE TABLE ketenpoort.data_subject_report (
    id                 uuid PRIMARY KEY,
    -- The M37 with which the resident asked: one report for each.
    request_message_id uuid NOT NULL UNIQUE,
    case_id            uuid NOT NULL,
    person_id          uuid NOT NULL,
    handler_oin        text NOT NULL CHECK (handler_oin ~ ${OIN}),
    received_on        date NOT NULL,
    -- Controllers that the request names. Of the others the handler learns when they have released.
    named              text[] NOT NULL,
    -- Records up to this moment; what is done for the report itself comes after it.
    covers_until       timestamptz NOT NULL
  );
  CREATE TABLE ketenpoort.data_subject_report_part (
    report_id uuid NOT NULL REFERENCES ketenpoort.data_subject_report (id),
    oin       text NOT NULL CHECK (oin ~ ${OIN}),
    regime    text NOT NULL CHECK (regime IN ('AVG','WPG')),
    entries   int NOT NULL CHECK (entries >= 0),
    due_on    date NOT NULL,
    PRIMARY KEY (report_id, oin)
  );
  CREATE INDEX data_subject_report_part_oin ON ketenpoort.data_subject_report_part (oin, report_id);
  CREATE TABLE ketenpoort.data_subject_report_step (
    report_id     uuid NOT NULL,
    oin           text NOT NULL,
    step          text NOT NULL CHECK (step IN ('EXTENDED','RELEASED','REFUSED')),
    ground        text CHECK (ground ~ '^[A-Z][A-Z0-9_]{1,30}$'),
    -- New last day of an extension; day from which something refused may be shown after all.
    until_on      date,
    at            timestamptz NOT NULL,
    PRIMARY KEY (report_id, oin, step),
    FOREIGN KEY (report_id, oin) REFERENCES ketenpoort.data_subject_report_part (report_id, oin),
    CHECK ((step = 'RELEASED') = (ground IS NULL))
  );
  -- A part is answered once.
  CREATE UNIQUE INDEX data_subject_report_answer ON ketenpoort.data_subject_report_step (report_id, oin)
    WHERE step IN ('RELEASED','REFUSED');
  CREATE TABLE ketenpoort.data_subject_report_withheld (
    report_id uuid NOT NULL,
    oin       text NOT NULL,
    entry_id  uuid NOT NULL,
    ground    text NOT NULL CHECK (ground ~ '^[A-Z][A-Z0-9_]{1,30}$'),
    until_on  date,
    PRIMARY KEY (report_id, entry_id),
    FOREIGN KEY (report_id, oin) REFERENCES ketenpoort.data_subject_report_part (report_id, oin)
  );
`;

const NAMES = ['report', 'report_part', 'report_step', 'report_withheld'].map((name) => `data_subject_${name}`);

/** The gateway adds and reads; retention removes a report with the case. Nobody else sees who asked for what. */
const GUARDS = NAMES.map(
  (table) => `
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ketenpoort.${table}
    FOR EACH ROW EXECUTE FUNCTION ketenpoort.refuse_change();
  CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ketenpoort.${table}
    FOR EACH STATEMENT EXECUTE FUNCTION ketenpoort.refuse_change();
  GRANT SELECT, INSERT ON ketenpoort.${table} TO ketenpoort_app;
  GRANT SELECT, DELETE ON ketenpoort.${table} TO ketenpoort_retention;`,
).join('');

export class DataSubjectReports implements MigrationInterface {
  readonly name = 'DataSubjectReports1767225900000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await queryRunner.query(GUARDS);
  }

  /** What was answered to a resident is evidence. */
  down(): Promise<void> {
    return Promise.reject(new Error('reports to residents are not migrated away; restore a backup instead'));
  }
}
