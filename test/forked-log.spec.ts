import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { until } from './support/until.js';
import { newCase, WATCH_LIMIT_MS as LIMIT_MS, Watched, type Alarm } from './support/watched.js';
import { LOG_ORIGIN, World } from './support/world.js';
import { storiesRun } from './support/stories-run.js';

const GROW = `INSERT INTO pending_leaf (record_id, record_at, entry) SELECT gen_random_uuid(), clock_timestamp(),
    decode(md5(n::text) || md5(n::text) || '00000000', 'hex') FROM generate_series(1, $1::int) AS n`;

describe('a log that is not what it was', () => {
  let at: Watched;

  let older: string;

  beforeAll(async () => {
    at = await Watched.open('ind');
    const { world } = at;
    await newCase(world);
    await world.gateways[0]?.process.stop();
    older = await copy(nameOf(world.databaseUrl));
    await serve(nameOf(world.databaseUrl));
    await world.rows(GROW, [300]);
    await at.adapters.get('ind')?.start();
    await until('it cosigned more than the copy has', LIMIT_MS, async () => (await lastCosigned()) > 300);
  }, 120_000);
  afterAll(() => at?.close());

  const lastCosigned = async (): Promise<number> => (await at.cosignatures('ind')).at(-1)?.size ?? 0;
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  /** Copies the database, as a backup would. No connection may be open to it. */
  async function copy(from: string): Promise<string> {
    const client = new pg.Client({ connectionString: storiesRun().urls.super.replace('%', 'postgres') });
    await client.connect();
    const name = `copy_${randomUUID().slice(0, 8)}`;
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [from]);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${from} OWNER ketenpoort_owner`);
    await client.end();
    return name;
  }
  /** Another gateway process where the first one was, on another database. */
  async function serve(database: string): Promise<void> {
    const first = at.world.gateways[0];
    await first?.process.stop();
    const databaseUrl = at.world.databaseUrl.replace(nameOf(at.world.databaseUrl), database);
    await at.world.startGateway({ DATABASE_URL: databaseUrl }, first);
  }

  it('is told to halt, and gets no cosignature, when it is an older copy of itself', async () => {
    const { world } = at;
    const size = await lastCosigned();
    await serve(older);
    expect((await at.alarm('ind', 'LOG_SHRUNK')).detail).toMatch(`after ${size}`);
    await until('the gateway refuses work', LIMIT_MS, async () => {
      return (await world.as('gro').get('/v1/inbox')).status === 503;
    });
  });

  it('is found again after a restart of the adapter', async () => {
    const ind = at.adapters.get('ind');
    await ind?.stop();
    await ind?.start();
    expect((await ind?.alarms<Alarm>())?.map(({ kind }) => kind)).toContain('LOG_SHRUNK');
  });

  it('is found to be another history under the same key', async () => {
    const ind = at.adapters.get('ind');
    const fork = await World.open();
    await fork.rows(GROW, [1_000]);
    await serve(nameOf(fork.databaseUrl));
    const before = (await at.cosignatures('ind')).length;
    expect((await at.alarm('ind', 'LOG_SHRUNK')).kind).toBe('LOG_SHRUNK');
    expect(await ind?.acknowledge(`LOG_SHRUNK:${LOG_ORIGIN}`)).toBe(200);
    expect(await at.alarm('ind', 'LOG_FORKED')).toMatchObject({ kind: 'LOG_FORKED' });
    expect(await fork.rows('SELECT FROM cosignature')).toEqual([]);
    expect((await at.cosignatures('ind')).length).toBe(before);
    await fork.close();
  });
});
