import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An operator may decide that a recipient goes on without a message that it cannot take. The delivery stays a dead letter
 * and keeps its failure; this column says that it no longer holds up its case.
 */
const SKIPPED = `
  ALTER TABLE ketenpoort.delivery ADD COLUMN skipped_at timestamptz;
  ALTER TABLE ketenpoort.delivery ADD CHECK (skipped_at IS NULL OR state IN ('DEAD', 'TAKEN', 'WITHDRAWN', 'PURGED'));
`;

export class SkippedDeliveries implements MigrationInterface {
  readonly name = 'SkippedDeliveries1767225720000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SKIPPED);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE ketenpoort.delivery DROP COLUMN skipped_at');
  }
}
