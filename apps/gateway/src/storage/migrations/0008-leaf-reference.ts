import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The epoch of a leaf is that of the head which the same transaction has locked, so checking it again for each leaf
 * proves nothing; it was two fifths of the time of a cycle.
 */
const REFERENCE = 'ALTER TABLE ketenpoort.leaf DROP CONSTRAINT leaf_epoch_fkey';

export class LeafReference implements MigrationInterface {
  readonly name = 'LeafReference1767226020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(REFERENCE);
  }

  /** Evidence is never migrated away: going back is restoring a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('the log is not migrated away; restore a backup instead'));
  }
}
