import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Since when a record waits for the sequencer, by the clock of the database. Its own time is that of the process that
 * made it: one process whose clock is behind would look like a log that is, and stop all work.
 */
const SINCE = `ALTER TABLE ketenpoort.pending_leaf ADD COLUMN since timestamptz NOT NULL DEFAULT clock_timestamp()`;

export class PendingSince implements MigrationInterface {
  readonly name = 'PendingSince1767226200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SINCE);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE ketenpoort.pending_leaf DROP COLUMN since');
  }
}
