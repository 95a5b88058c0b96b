import type { MigrationInterface, QueryRunner } from 'typeorm';
import { EVIDENCE, EXCHANGE, PROCESS, REGISTER } from './0001-tables.js';
import { APPEND_ONLY, GRANTS, PARTITIONS, REQUIRED_ROLES } from './0001-rules.js';

/**
 * The first schema. Tables before rules: the partition function puts the TRUNCATE trigger on each evidence partition,
 * so the trigger function has to exist when the first partitions are made.
 */
export class Foundation implements MigrationInterface {
  readonly name = 'Foundation1767225600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [REQUIRED_ROLES, REGISTER, EXCHANGE, PROCESS, EVIDENCE, APPEND_ONLY, PARTITIONS, GRANTS]) {
      await queryRunner.query(sql);
    }
  }

  /** Evidence is never migrated away: going back is restoring a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('the first migration has no way back; restore a backup instead'));
  }
}
