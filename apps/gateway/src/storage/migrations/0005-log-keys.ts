import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each epoch of the log keeps the public key that signs it: after a restart with another key the older epochs are still
 * served with the key that their readers trust. No epoch exists before this migration, so none lacks one.
 */
const KEYS = `ALTER TABLE ketenpoort.tree_head ADD COLUMN vkey text NOT NULL CHECK (length(vkey) BETWEEN 1 AND 400)`;

export class LogKeys implements MigrationInterface {
  readonly name = 'LogKeys1767225840000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(KEYS);
  }

  /** Evidence is never migrated away: going back is restoring a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('the log is not migrated away; restore a backup instead'));
  }
}
