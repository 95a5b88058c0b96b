import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Records by trace: what the reading extension of Logboek Dataverwerkingen asks for (standards 1.6). Derived
 * from the bytes like every column to search by (docs/decisions/0011).
 */
const TRACE_IDS = `
  ALTER TABLE ketenpoort.access_record ADD COLUMN trace_id text;
  CREATE OR REPLACE FUNCTION ketenpoort.derive_record_columns() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE record jsonb := convert_from(NEW.canonical, 'UTF8')::jsonb;
  BEGIN
    NEW.kind := record ->> 'kind';
    NEW.peer_oin := record #>> '{peer,oin}';
    NEW.purpose := record ->> 'purpose';
    NEW.case_id := record ->> 'caseId';
    NEW.message_id := record ->> 'messageId';
    NEW.decision := record #>> '{decision,outcome}';
    NEW.action := record ->> 'action';
    NEW.contract := record #>> '{contract,id}';
    NEW.processing_activity := record ->> 'processingActivity';
    NEW.concerns := ketenpoort.concerned_by(record);
    NEW.trace_id := record ->> 'traceId';
    RETURN NEW;
  END $$;
  ALTER TABLE ketenpoort.access_record DISABLE TRIGGER append_only;
  UPDATE ketenpoort.access_record SET trace_id = convert_from(canonical, 'UTF8')::jsonb ->> 'traceId';
  ALTER TABLE ketenpoort.access_record ENABLE TRIGGER append_only;
  CREATE INDEX access_record_trace ON ketenpoort.access_record (trace_id) WHERE trace_id IS NOT NULL;
`;

export class TraceIds implements MigrationInterface {
  readonly name = 'TraceIds1767226080000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TRACE_IDS);
  }

  /** Evidence is never migrated away: going back is restoring a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('columns of the log are not migrated away; restore a backup instead'));
  }
}
