import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { recordMaker } from '../apps/gateway/src/access-log/record-maker.js';
import { TERMS } from '../apps/gateway/src/access-log/testing/terms.js';
import { acknowledger } from '../apps/gateway/src/exchange/acknowledge.js';
import { markFetched, readContentRows } from '../apps/gateway/src/exchange/disclose/content-rows.js';
import { createDataSource } from '../apps/gateway/src/storage/data-source.js';
import { poolOf } from '../apps/gateway/src/storage/pool-of.js';
import { inHotTransaction } from '../apps/gateway/src/storage/transaction.js';
import { traceOf } from '../apps/gateway/src/trace-context.js';
import { openOwnDatabase, runAs, type OwnDatabase } from './support/own-database.js';

const IND = {
  oin: '00000099000000000301',
  kind: 'IND' as const,
  name: 'IND',
  thumbprint: 'a'.repeat(64),
  active: true,
};
/** Messages of one call, and those of a young month and of one that is some minutes older. */
const AT_ONCE = 32;
const YOUNG = 30;
const GROWN = 8_000;

let database: OwnDatabase;
/** One connection, so that what is looked at is what was planned before. */
let source: DataSource;
let pool: Pool;

beforeAll(async () => {
  database = await openOwnDatabase();
  source = await createDataSource(database.urls.app, { poolSize: 1, applicationName: 'story' }).initialize();
  pool = poolOf(source);
}, 60_000);
afterAll(async () => {
  await source.destroy();
  await database.close();
});

/** Messages `first` to `last`, each delivered to IND; all of this minute, as the database is told to see them. */
async function deliver(first: number, last: number): Promise<void> {
  await runAs(
    database.urls.owner,
    `WITH n AS (SELECT n, md5('message ' || n)::uuid AS id, date_trunc('minute', now()) + n * interval '1 ms' AS at
         FROM generate_series($2::int, $3) AS n),
       messages AS (
         INSERT INTO ketenpoort.message (id, contract, type, source, event_id, sender_oin, sender_kind, purpose,
           content_digest, record_id, entry_digest, key_id, accepted_at)
         SELECT id, 'M08', 'nl.lvv.dossier-part.v1', 'urn:nld:oin:' || $1, n, $1, 'IND', 'P03', sha256(''), id, sha256(''), 'k', at
         FROM n)
     INSERT INTO ketenpoort.delivery (id, message_id, recipient_oin, purpose, family, partition_key, accepted_at, sequence)
     SELECT md5('delivery ' || n)::uuid, id, $1, 'P03', 'dossier-part', 'p', at, n FROM n`,
    [IND.oin, first, last],
  );
}

const idsOf = async (first: number, count: number): Promise<string[]> => {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT md5('message ' || n)::uuid AS id FROM generate_series($1::int, $1 + $2 - 1) AS n`,
    [first, count],
  );
  return rows.map(({ id }) => id);
};

/** Rows of deliveries that the database looked at for it. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const total = async (): Promise<number> => {
    await pool.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await pool.query<{ n: string }>(
      `SELECT sum(idx_tup_fetch + seq_tup_read) AS n FROM pg_stat_user_tables WHERE relname LIKE 'delivery\\_%'`,
    );
    return Number(rows[0]?.n);
  };
  const before = await total();
  await work();
  return (await total()) - before;
}

const fetchAll = (ids: readonly string[]): Promise<number> =>
  inHotTransaction(pool, async (client, writer) => {
    const asked = ids.map((messageId) => ({ messageId, oin: IND.oin }));
    const rows = [...(await readContentRows(client, asked)).values()];
    await markFetched(writer, rows, new Date());
    return rows.length;
  });

async function takeAll(ids: readonly string[]): Promise<number> {
  const acknowledge = acknowledger(
    pool,
    recordMaker(() => TERMS),
  );
  const acknowledgements = ids.map((messageId) => ({ messageId, status: 'taken' as const }));
  const [answer] = await acknowledge([{ peer: IND, acknowledgements, trace: traceOf(undefined) }]);
  return answer?.ok ? answer.value.filter(({ status }) => status === 'recorded').length : 0;
}

/** The plan of a connection stays what it was when it was made, until somebody analyses the table. */
describe('deliveries are found by their keys, though the plan was made when the month was young', () => {
  beforeAll(async () => {
    await deliver(1, YOUNG);
    await runAs(database.urls.owner, 'ANALYZE ketenpoort.message, ketenpoort.delivery');
    const few = await idsOf(1, 2);
    expect([await fetchAll(few), await takeAll(few)]).toEqual([2, 2]);
    await deliver(YOUNG + 1, GROWN);
  });

  it('when they are fetched', async () => {
    const ids = await idsOf(YOUNG + 1, AT_ONCE);
    // Looked for, updated, and what was there before and after.
    expect(await rowsRead(async () => expect(await fetchAll(ids)).toBe(AT_ONCE))).toBeLessThanOrEqual(4 * AT_ONCE);
  });

  it('when they are taken', async () => {
    const ids = await idsOf(YOUNG + 1, AT_ONCE);
    expect(await rowsRead(async () => expect(await takeAll(ids)).toBe(AT_ONCE))).toBeLessThanOrEqual(4 * AT_ONCE);
  });
});
