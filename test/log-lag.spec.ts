import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { alone } from '../apps/gateway/src/retention/retention-session.js';
import { ADVISORY_LOCKS } from '../apps/gateway/src/storage/advisory-locks.js';
import { submit } from './support/calls.js';
import { application, vNumber } from './support/messages.js';
import { retention, sequenced } from './support/retention.js';
import { until } from './support/until.js';
import { World } from './support/world.js';

const SOON_MS = 20_000;

let world: World;
let holder: pg.Client;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway({ LOG_MAX_LAG_SECONDS: '1' });
  holder = new pg.Client({ connectionString: world.ownerUrl });
  await holder.connect();
});
afterAll(async () => {
  await holder?.end();
  await world?.close();
});

const signUp = () => submit(world, 'ams', application('ams', 'AMS', { vNumber: vNumber(), familyName: 'Wachter' }));
const counts = async (): Promise<unknown> =>
  (
    await world.rows(
      'SELECT (SELECT count(*) FROM access_record) AS records, (SELECT count(*) FROM message) AS messages',
    )
  )[0];
const ready = async (): Promise<number> => (await fetch(`${world.gateways[0]?.managementUrl}/health/ready`)).status;

describe('a log that does not keep up', () => {
  it('stops all work after its bound, before anything happens, says so, and lets it go on once it keeps up again', async () => {
    expect((await signUp()).status).toBe(202);
    // As if the process that holds the lock had stopped.
    await holder.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.log]);
    await until('work is refused', SOON_MS, async () => (await signUp()).status === 503);
    const before = await counts();
    const refused = await signUp();
    expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([503, 'LOG_UNAVAILABLE', '10']);
    expect((await world.as('ams').get('/v1/inbox')).status).toBe(503);
    expect(await counts()).toEqual(before);
    expect(await ready()).toBe(503);
    await holder.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCKS.log]);
    await until('work is taken', SOON_MS, async () => (await signUp()).status === 202);
    expect(await ready()).toBe(200);
  });

  it('takes a backlog up at once, also when the database last looked at it while it was empty', async () => {
    const backlog = async (): Promise<number> => {
      await holder.query('BEGIN');
      await holder.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.log]);
      await world.rows(
        `INSERT INTO pending_leaf (record_id, record_at, entry)
         SELECT gen_random_uuid(), now(), decode(repeat('01', 36), 'hex') FROM generate_series(1, 12000)`,
      );
      const at = performance.now();
      await holder.query('COMMIT');
      await until('it is in the log', SOON_MS, async () => (await world.rows('SELECT FROM pending_leaf')).length === 0);
      return performance.now() - at;
    };
    await backlog();
    // Pages without rows, as they are when something stands behind the vacuum: one row is expected of any number of them.
    await holder.query('VACUUM (ANALYZE, TRUNCATE false) ketenpoort.pending_leaf');
    // Half a second on a quiet machine. A plan for one row would read all of them for each.
    expect(await backlog()).toBeLessThan(10_000);
  });

  it('is not mistaken for a record of a process whose clock is behind', async () => {
    // The backlog before may have taken longer than the bound, and is looked at once a second.
    await until('work is taken', SOON_MS, async () => (await signUp()).status === 202);
    await holder.query('BEGIN');
    await holder.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.log]);
    await world.rows(
      `INSERT INTO pending_leaf (record_id, record_at, entry)
       VALUES (gen_random_uuid(), now() - interval '1 day', decode(repeat('01', 36), 'hex'))`,
    );
    const metrics = await (await fetch(`${world.gateways[0]?.managementUrl}/metrics`)).text();
    const [, seconds] = /^ketenpoort_log_oldest_pending_seconds (\S+)$/m.exec(metrics) ?? [];
    expect(Number(seconds)).toBeLessThan(60);
    await holder.query('ROLLBACK');
    expect((await signUp()).status).toBe(202);
  });
});

describe('a run of retention', () => {
  it('does not keep the log from growing, however long it lasts', async () => {
    const client = new pg.Client({ connectionString: world.retentionUrl });
    await client.connect();
    const done = await alone(client, async () => {
      expect((await signUp()).status).toBe(202);
      await sequenced(world);
      expect((await retention(world, ['run'])).stdout).toContain('Another run is under way');
      return true;
    });
    await client.end();
    expect(done).toBe(true);
  });
});
