import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A case is written by nearly every message. Room in its page lets a new version stay there, and then no index is
 * touched; rows of up to half a page are not compressed, which cost more than the write. Encrypted content is never
 * compressed: it cannot get smaller, and trying took as long as storing. For rows that are written from now on.
 */
const HOT_ROWS = `
  ALTER TABLE ketenpoort.lvv_case SET (fillfactor = 50, toast_tuple_target = 4080);
  ALTER TABLE ketenpoort.content ALTER COLUMN ciphertext SET STORAGE EXTERNAL;
`;

export class HotRows implements MigrationInterface {
  readonly name = 'HotRows1767226260000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(HOT_ROWS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE ketenpoort.lvv_case RESET (fillfactor, toast_tuple_target); ALTER TABLE ketenpoort.content ALTER COLUMN ciphertext SET STORAGE EXTENDED',
    );
  }
}
