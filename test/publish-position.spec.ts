import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg, { type PoolClient } from 'pg';
import { pino } from 'pino';
import type { NotificationProducer } from '#messaging/kafka-port.js';
import { parkFrom, releaseAfter, type CaseDelivery } from '../apps/gateway/src/delivery/parking.js';
import { Relay } from '../apps/gateway/src/delivery/relay.js';
import { poolOf } from '../apps/gateway/src/storage/pool-of.js';
import { openOwnDatabase, runAs, type OwnDatabase } from './support/own-database.js';
import { until } from './support/until.js';

const IND = '00000099000000000301';
const CASE = '0198f0b4-7c5e-7b1a-9c1c-000000000001';
const LIMIT_MS = 10_000;
const origin = { gatewayOin: '00000099000000000001', gatewayUrl: 'https://localhost' };

let database: OwnDatabase;
let relay: Relay | null = null;
/** Numbers in the order in which the broker got them. */
let sent: string[] = [];
/** What happens while the broker answers; once. */
let meanwhile: (() => Promise<void>) | null = null;

const producer: NotificationProducer = {
  send: async (_topic, events) => {
    sent.push(...events.map((event) => event.sequence));
    const act = meanwhile;
    meanwhile = null;
    await act?.();
  },
  close: () => Promise.resolve(),
};

beforeAll(async () => void (database = await openOwnDatabase()), 60_000);
afterAll(async () => await database.close());

beforeEach(async () => {
  sent = [];
  await runAs(
    database.urls.owner,
    'TRUNCATE ketenpoort.delivery, ketenpoort.recipient_counter, ketenpoort.publish_position',
  );
});
afterEach(async () => {
  await relay?.close();
  relay = null;
});

const publish = (): void => {
  relay = new Relay(poolOf(database.app), producer, origin, pino({ level: 'silent' }));
};

/** Deliveries of one case to one recipient, numbered from `first` on. */
async function deliveries(first: number, count: number): Promise<void> {
  await runAs(
    database.urls.owner,
    `INSERT INTO ketenpoort.delivery
       (id, message_id, recipient_oin, case_id, purpose, family, partition_key, case_sequence, accepted_at, sequence)
     SELECT gen_random_uuid(), gen_random_uuid(), $1, $2, 'P03', 'dossier-part', 'one-case', n, date_trunc('milliseconds', now()), n
     FROM generate_series($3::int, $3::int + $4::int - 1) AS n`,
    [IND, CASE, first, count],
  );
  await runAs(
    database.urls.owner,
    `INSERT INTO ketenpoort.recipient_counter (recipient_oin, last_sequence) VALUES ($1, $2)
     ON CONFLICT (recipient_oin) DO UPDATE SET last_sequence = excluded.last_sequence`,
    [IND, first + count - 1],
  );
}

async function numbered(sequence: number): Promise<CaseDelivery> {
  const [row] = await database.app.query<CaseDelivery[]>(
    `SELECT id, recipient_oin AS "recipientOin", case_id AS "caseId", case_sequence AS "caseSequence"
     FROM delivery WHERE sequence = $1`,
    [sequence],
  );
  if (!row) throw new Error(`no delivery ${sequence}`);
  return row;
}

async function onConnection<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await poolOf(database.app).connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** The first of the case could not be taken; then it was, and the rest is let go. */
const park = async (sequence: number): Promise<void> => {
  const delivery = await numbered(sequence);
  await onConnection((client) => parkFrom(client, delivery, 'SYSTEM_REFUSED'));
};
const release = async (sequence: number): Promise<void> => {
  const delivery = await numbered(sequence);
  await runAs(database.urls.owner, `UPDATE ketenpoort.delivery SET state = 'TAKEN', taken_at = now() WHERE id = $1`, [
    delivery.id,
  ]);
  await onConnection((client) => releaseAfter(client, delivery));
};
const position = async (): Promise<string | undefined> => {
  const rows = await database.app.query<{ sequence: string }[]>('SELECT sequence FROM publish_position');
  return rows[0]?.sequence;
};

describe('the position up to which a recipient is published', () => {
  it('follows the numbers, page by page and each once', async () => {
    await deliveries(1, 450);
    publish();
    await until('all are published', LIMIT_MS, async () => (await position()) === '450');
    expect(sent).toEqual(Array.from({ length: 450 }, (_, n) => String(n + 1)));
  });

  it('goes past what is parked, and back to it once it is released', async () => {
    await deliveries(1, 5);
    await park(2);
    publish();
    await until('the position is at the end', LIMIT_MS, async () => (await position()) === '5');
    expect(sent).toEqual(['1']);
    await release(2);
    expect(await position()).toBe('2');
    await until('it is at the end again', LIMIT_MS, async () => (await position()) === '5');
    expect(sent).toEqual(['1', '3', '4', '5']);
  });

  it('is not moved past what was released while the broker answered', async () => {
    await deliveries(1, 5);
    await park(2);
    // The turn has read one delivery; those behind the parked one are let go before it notes how far it came.
    meanwhile = () => release(2);
    publish();
    await until('all are published', LIMIT_MS, () => sent.length >= 4);
    await until('the position is at the end', LIMIT_MS, async () => (await position()) === '5');
    expect(sent).toEqual(['1', '3', '4', '5']);
  });

  it('goes back below itself while another turn is under way', async () => {
    await deliveries(1, 3);
    await park(2);
    publish();
    await until('the position is at the end', LIMIT_MS, async () => (await position()) === '3');
    await deliveries(4, 1);
    await database.app.query('UPDATE delivery SET state = $1 WHERE sequence = 4', ['OUTSTANDING']);
    meanwhile = () => release(2);
    relay?.wake();
    await until('all are published', LIMIT_MS, () => sent.includes('3'));
    expect(sent).toEqual(['1', '4', '3']);
  });

  it('is kept by several at once, and what each publishes twice at worst is never left out', async () => {
    await deliveries(1, 600);
    publish();
    const second = new Relay(poolOf(database.app), producer, origin, pino({ level: 'silent' }));
    await until('all are published', LIMIT_MS, async () => (await position()) === '600');
    await second.close();
    expect(new Set(sent).size).toBe(600);
    const left = await database.app.query<unknown[]>('SELECT FROM delivery WHERE published_at IS NULL');
    expect(left).toHaveLength(0);
  });
});

describe('a delivery changes where it stands', () => {
  it('when it is published and fetched: no index is written again', async () => {
    await deliveries(1, 20);
    for (const change of ['published_at = now()', `fetched_at = now(), state = 'FETCHED'`]) {
      // A connection of its own: what one has counted stays with it for a while.
      const client = new pg.Client({ connectionString: database.urls.app });
      await client.connect();
      await client.query('BEGIN');
      await client.query(`UPDATE ketenpoort.delivery SET ${change}`);
      const { rows } = await client.query<{ hot: number; all: number }>(
        `SELECT sum(n_tup_hot_upd)::int AS hot, sum(n_tup_upd)::int AS all FROM pg_stat_xact_user_tables
         WHERE relname LIKE 'delivery%'`,
      );
      await client.query('COMMIT');
      await client.end();
      expect(rows).toEqual([{ hot: 20, all: 20 }]);
    }
  });
});
