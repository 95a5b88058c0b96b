import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What concerns an organisation that is seldom concerned: without it, "nothing" is found only after reading everything.
 * Without fastupdate: a list that is emptied now and then would make the one request wait that fills it.
 */
const CONCERNS = `CREATE INDEX access_record_concerns ON ketenpoort.access_record
  USING gin (concerns) WITH (fastupdate = off)`;

export class OfficerSearch implements MigrationInterface {
  readonly name = 'OfficerSearch1767226140000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CONCERNS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX ketenpoort.access_record_concerns');
  }
}
