import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sequence } from '../apps/gateway/src/access-log/log/sequence.js';
import { LogOnOwnDatabase } from './support/log-on-own-database.js';
import { runAs } from './support/own-database.js';
import { until } from './support/until.js';

const LIMIT_MS = 20_000;
/** More than a tile, so that a cycle writes one. */
const BATCH = 300;
let log: LogOnOwnDatabase;

beforeAll(async () => {
  log = await LogOnOwnDatabase.open();
}, 60_000);
afterAll(() => log?.close());

/** A killed process leaves its transaction to the server, which ends it when it notices. */
async function healed(): Promise<void> {
  await until('the next cycle took what was left', LIMIT_MS, async () => {
    await sequence(log.pool, log.key);
    return (await log.counts()).pending === 0;
  });
  await log.expectWhole();
}

describe('a sequencer that is killed', () => {
  const steps = [
    'begins',
    'takes the lock',
    'reads the head',
    'places the leaves',
    'writes the tiles',
    'sets the head',
    'writes the signed checkpoint',
    'commits',
  ];

  it.each(steps.map((step, index) => [step, index + 1] as const))(
    'before it %s leaves nothing of its cycle, and the next one does all of it',
    async (_step, statement) => {
      const before = await log.counts();
      await log.record(BATCH);
      const child = log.child('kill', statement);
      expect([await child.ended, child.output()]).toEqual(['SIGKILL', '']);
      expect(await log.counts()).toEqual({ ...before, pending: BATCH });
      await log.expectWhole();
      await healed();
      const { leaves, checkpoints } = await log.counts();
      expect([leaves, checkpoints]).toEqual([before.leaves + BATCH, before.checkpoints + 1]);
    },
  );

  it('after it has committed leaves all of its cycle', async () => {
    const before = await log.counts();
    await log.record(BATCH);
    const child = log.child('kill', steps.length + 1);
    expect([await child.ended, child.output()]).toEqual(['SIGKILL', '']);
    expect(await log.counts()).toEqual({
      leaves: before.leaves + BATCH,
      pending: 0,
      checkpoints: before.checkpoints + 1,
    });
    await log.expectWhole();
  });
});

describe('a leader that stood still while its lock was lost', () => {
  it('publishes no second checkpoint of one size when it wakes', async () => {
    const before = await log.counts();
    await log.record(BATCH);
    const leader = log.child('stop', 8);
    await until('the leader has signed and stands still', LIMIT_MS, () => leader.output().includes('stopping'));
    const { process: stopped } = leader;
    await until('its transaction is open', LIMIT_MS, async () => {
      const { rows } = await log.pool.query<{ open: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory') AS open`,
      );
      return rows[0]?.open;
    });
    expect((await sequence(log.pool, log.key)).kind).toBe('busy');
    await runAs(
      log.database.urls.super,
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()`,
    );
    // Another tree of the very same size: one record went, another came.
    await log.pool.query(
      'DELETE FROM ketenpoort.pending_leaf WHERE record_id = (SELECT record_id FROM ketenpoort.pending_leaf LIMIT 1)',
    );
    await log.record(1);
    await healed();
    stopped.kill('SIGCONT');
    expect([await leader.ended, leader.output()]).toEqual([0, expect.stringMatching(/^stopping\nfailed /)]);
    const after = await log.counts();
    expect(after).toEqual({ leaves: before.leaves + BATCH, pending: 0, checkpoints: before.checkpoints + 1 });
    await log.expectWhole();
  });
});

describe('three sequencers at once', () => {
  it('make one sequence without a gap while five thousand records come in', async () => {
    const before = await log.counts();
    const children = [1, 2, 3].map(() => log.child('loop'));
    await until('all three run', LIMIT_MS, () => children.every((child) => child.output().startsWith('ready')));
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let batch = 0; batch < 50; batch += 1) await log.record(25);
      }),
    );
    await until('all of them are leaves', LIMIT_MS, async () => (await log.counts()).pending === 0);
    for (const child of children) child.process.kill('SIGTERM');
    expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0]);
    const { leaves, checkpoints } = await log.counts();
    expect(leaves).toBe(before.leaves + 5_000);
    expect(checkpoints).toBeGreaterThan(before.checkpoints);
    await log.expectWhole();
  });
});
