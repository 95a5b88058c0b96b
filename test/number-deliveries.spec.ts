import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { HOT_BEGIN } from '../apps/gateway/src/storage/transaction.js';
import { openOwnDatabase, runAs, type OwnDatabase } from './support/own-database.js';
import { until } from './support/until.js';

let database: OwnDatabase;

beforeAll(async () => void (database = await openOwnDatabase()), 60_000);
afterAll(async () => await database.close());

describe('numbers of deliveries', () => {
  const IND = '00000099000000000301';
  const accepted = (caseSequence: number, secondsFromNow: number): Promise<void> =>
    runAs(
      database.urls.owner,
      `INSERT INTO ketenpoort.delivery
         (id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, accepted_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), $1, '0198f0b4-7c5e-7b1a-9c1c-000000000001', 'P03', 'dossier-part',
         'one-case', $2, now() + make_interval(secs => $3))`,
      [IND, caseSequence, secondsFromNow],
    );

  it('follow the order of a case, also for what is accepted by clocks that differ while they are given', async () => {
    const lock = new pg.Client({ connectionString: database.urls.app });
    await lock.connect();
    await accepted(1, 0);
    await accepted(2, 10);
    await lock.query('BEGIN');
    await lock.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [IND]);
    const numbering = database.app.query('SELECT number_deliveries(200)');
    await until('it waits', 10_000, async () => {
      const asked = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
      return (await lock.query(asked)).rowCount === 1;
    });
    await accepted(3, 3_600);
    await accepted(4, 5);
    await lock.query('COMMIT');
    await lock.end();
    await numbering;
    const given = await database.app.query<{ n: number; sequence: string }[]>(
      'SELECT case_sequence AS n, sequence FROM delivery WHERE recipient_oin = $1 ORDER BY case_sequence',
      [IND],
    );
    expect(given).toEqual([1, 2, 3, 4].map((n) => ({ n, sequence: String(n) })));
  });

  /** The plan of a connection stays what it was when it was made, until somebody analyses the table. */
  it('read what has none and nothing besides, though the plan was made when there was nothing at all', async () => {
    const connection = new pg.Client({ connectionString: database.urls.app });
    await connection.connect();
    const number = async (): Promise<{ numbered: number; read: number }> => {
      await connection.query(HOT_BEGIN);
      const { rows } = await connection.query<{ n: number }>('SELECT ketenpoort.number_deliveries(200) AS n');
      const read = await connection.query<{ n: string }>(
        `SELECT sum(idx_tup_fetch + seq_tup_read) AS n FROM pg_stat_xact_user_tables WHERE relname LIKE 'delivery%'`,
      );
      await connection.query('COMMIT');
      return { numbered: rows[0]?.n ?? 0, read: Number(read.rows[0]?.n) };
    };
    const fill = (rows: number, numbered: boolean): Promise<void> =>
      runAs(
        database.urls.owner,
        `INSERT INTO ketenpoort.delivery
           (id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, accepted_at, sequence)
         SELECT gen_random_uuid(), gen_random_uuid(), $1, '0198f0b4-7c5e-7b1a-9c1c-000000000001', 'P03', 'dossier-part',
           'one-case', n, now(), CASE WHEN $3 THEN 1_000_000 + n END FROM generate_series(1, $2) AS n`,
        [IND, rows, numbered],
      );
    await runAs(database.urls.owner, 'TRUNCATE ketenpoort.delivery');
    for (const rows of [1, 2]) {
      await fill(rows, false);
      expect((await number()).numbered).toBe(rows);
    }
    await fill(5_000, true);
    await fill(150, false);
    const { numbered, read } = await number();
    await connection.end();
    expect(numbered).toBe(150);
    // Looked for, taken, updated.
    expect(read).toBeLessThanOrEqual(4 * 150);
  });
});
