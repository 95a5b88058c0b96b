import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendToTree, EMPTY_EDGE, rootOfEdge } from '#ledger/tree-edge.js';
import { leafHash } from '#ledger/hash.js';
import type { PreparedRecord } from '../apps/gateway/src/access-log/access-record.js';
import { contentOf } from './support/calls.js';
import { refusalOf } from './support/own-database.js';
import { today } from './support/messages.js';
import {
  absentAndNamed,
  monthsAgo,
  oldRecord,
  retention,
  retentionRun,
  sequenced,
  startRetention,
  written,
} from './support/retention.js';
import { until } from './support/until.js';
import { World } from './support/world.js';

const UNKNOWN_MESSAGE = '018f3a5c-7e00-7000-8000-000000000001';
const LIMIT_MS = 20_000;
let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(async () => await world?.close());

const present = async (records: readonly PreparedRecord[]): Promise<number> => {
  const ids = records.map(({ id }) => id);
  const [row] = await world.rows<{ n: number }>('SELECT count(*)::int AS n FROM access_record WHERE id = ANY ($1)', [
    ids,
  ]);
  return row?.n ?? 0;
};

const many = (count: number, at: Date): PreparedRecord[] => Array.from({ length: count }, () => oldRecord(at));

describe('records past their term (C34)', () => {
  const past = [monthsAgo(61), monthsAgo(62), monthsAgo(75)].flatMap((at) => many(4, at));
  // The month in which their term ends has not passed yet; and an erasure is kept for ever.
  const kept = [...many(5, monthsAgo(60)), ...many(5, monthsAgo(1)), oldRecord(monthsAgo(90), { kind: 'ERASURE' })];

  it('are counted by a plan that changes nothing', async () => {
    const mixed = [...past, ...kept].toSorted((a, b) => (a.salt.toString('hex') < b.salt.toString('hex') ? -1 : 1));
    for (let n = 0; n < mixed.length; n += 4) await written(world, mixed.slice(n, n + 4));
    const { code, stdout } = await retention(world, ['plan', '--json']);
    const month = (ago: number): string => monthsAgo(ago).toISOString().slice(0, 7);
    const counts = stdout.trim().split('\n').map((line) => JSON.parse(line) as object); // prettier-ignore
    expect(code).toBe(0);
    expect(counts).toEqual(
      [75, 62, 61].map((ago) => ({ what: 'RECORDS', kind: 'DELIVERY', month: month(ago), count: 4 })),
    );
    expect(await present([...past, ...kept])).toBe(past.length + kept.length);
  });

  it('go, and only they, with salt and index rows; one ERASURE record names exactly their leaves', async () => {
    const positions = await world.rows<{ position: string }>(
      'SELECT position FROM leaf WHERE record_id = ANY ($1) ORDER BY position',
      [past.map(({ id }) => id)],
    );
    const batches = await retentionRun(world);
    expect(batches).toMatchObject([{ what: 'RECORDS', epoch: 1, count: past.length, replays: [] }]);
    expect([await present(past), await present(kept)]).toEqual([0, kept.length]);
    const subjects = await world.rows('SELECT 1 FROM access_record_subject WHERE record_id = ANY ($1)', [
      past.map(({ id }) => id),
    ]);
    expect(subjects).toEqual([]);
    const { absent, named } = await absentAndNamed(world);
    expect(absent).toEqual(positions.map(({ position }) => Number(position)));
    expect(named).toEqual(absent);
  });

  it('leave a tree that still adds up, with the ERASURE record in it, kept for ever and naming nobody', async () => {
    await sequenced(world);
    const leaves = await world.rows<{ entry: Buffer }>('SELECT entry FROM leaf ORDER BY position');
    const [head] = await world.rows<{ root: Buffer; size: string }>('SELECT root, size FROM tree_head');
    expect(Number(head?.size)).toBe(leaves.length);
    const { edge } = appendToTree(EMPTY_EDGE, leaves.map(({ entry }) => leafHash(entry))); // prettier-ignore
    expect(rootOfEdge(edge)).toEqual(head?.root);
    const erasures = await world.rows<{ text: string; class: string }>(
      `SELECT convert_from(canonical, 'UTF8') AS text, retention_class AS class FROM access_record r
       JOIN leaf l ON l.record_id = r.id WHERE action = 'record.erase'`,
    );
    expect(erasures).toHaveLength(1);
    expect(erasures[0]?.class).toBe('PERMANENT');
    expect(JSON.parse(erasures[0]?.text ?? '')).toMatchObject({
      kind: 'ERASURE',
      details: { epoch: 1, ground: 'RETENTION', policyVersion: '2026.1', count: past.length },
    });
    expect(erasures[0]?.text).not.toMatch(/userReference|caseId|messageId/);
  });

  it('are gone once: a second run finds nothing and records nothing', async () => {
    expect(await retentionRun(world)).toEqual([]);
    expect((await retention(world, ['plan'])).stdout).toBe('Nothing is past its term.\n');
    expect((await retention(world, ['check'])).stdout).toBe('1 erasures stand\n');
  });

  it('that are back all the same keep the gateway from starting, until they are gone again', async () => {
    const again = oldRecord(monthsAgo(70));
    await written(world, [again]);
    const copy = await world.rows<{ row: object }>('SELECT to_jsonb(r) AS row FROM access_record r WHERE id = $1', [
      again.id,
    ]);
    await retentionRun(world);
    await world.rows('INSERT INTO access_record SELECT * FROM jsonb_populate_record(NULL::access_record, $1)', [
      copy[0]?.row,
    ]);
    const { code, stderr } = await retention(world, ['check']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('1 access records are here that an ERASURE record says'),
    ]);
    expect((await retentionRun(world)).map(({ count }) => count)).toEqual([1]);
    expect((await retention(world, ['check'])).code).toBe(0);
  });
});

describe('a run', () => {
  it('does nothing while another is under way, so that each leaf is named once', async () => {
    await written(world, many(400, monthsAgo(65)));
    const runs = await Promise.all([retentionRun(world), retentionRun(world)]);
    expect(runs.flat().reduce((sum, { count }) => sum + count, 0)).toBe(400);
    const { absent, named } = await absentAndNamed(world);
    expect([...new Set(named)]).toEqual(absent);
  });

  it('that is killed leaves nothing half, and the next one ends it', async () => {
    const records = many(12_000, monthsAgo(64));
    await written(world, records);
    const before = (await absentAndNamed(world)).absent.length;
    const run = startRetention(world, ['run']);
    await until('a batch is gone', LIMIT_MS, async () => (await present(records)) < records.length);
    run.kill();
    await run.ended;
    const left = await present(records);
    const { absent, named } = await absentAndNamed(world);
    expect(absent).toHaveLength(before + records.length - left);
    expect([...new Set(named)]).toEqual(absent);
    await retentionRun(world);
    expect(await present(records)).toBe(0);
  });

  it('keeps the records of a case that is held', async () => {
    const caseId = '0f8fad5b-d9cb-469f-a165-70867728950e';
    await world.rows(`INSERT INTO person (id, created_at) VALUES ($1, now())`, [caseId]);
    await world.rows(
      `INSERT INTO lvv_case (id, number, pilot, municipality_oin, person_id, state, snapshot, version, key_id, opened_at, updated_at)
       VALUES ($1, 'LVV-ROT-2020-000001', 'ROT', 'x', $1, 'EXITED', '{}', 1, 'k', now(), now())`,
      [caseId],
    );
    const record = oldRecord(monthsAgo(70), { caseId });
    await written(world, [record]);
    const hold = (until: string) =>
      retention(world, ['hold', '--case', caseId, '--until', until, '--ground', 'AVG-18']);
    expect((await hold('2999-01-01')).stdout).toContain(`Case ${caseId} is kept until`);
    expect(await retentionRun(world)).toEqual([]);
    await hold('2020-01-01');
    expect((await retentionRun(world)).map(({ count }) => count)).toEqual([1]);
  });

  it('lives at another time in a demo only', async () => {
    const { code, stderr } = await retention(world, ['run', '--now', '2040-01-01T00:00:00Z'], {
      KETENPOORT_MODE: 'production',
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining('--now is for a demo')]);
  });

  it('erases nothing by a clock that is an hour ahead of the database', async () => {
    await written(world, [oldRecord(monthsAgo(70))]);
    const ahead = '--import=data:text/javascript,{const/**/now=Date.now;Date.now=()=>now()+36e5}';
    const { code, stderr } = await retention(world, ['run'], { NODE_OPTIONS: ahead });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/clocks of this machine and of the database differ by 3[56]\d\d s/)]); // prettier-ignore
    expect((await retentionRun(world)).map(({ count }) => count)).toEqual([1]);
  });

  it('is refused to every role but its own', async () => {
    for (const url of [world.databaseUrl, world.ownerUrl, world.superUrl]) {
      const { code, stderr } = await retention(world, ['run'], { RETENTION_DATABASE_URL: url });
      expect([code, stderr]).toEqual([1, expect.stringContaining('Retention runs as ketenpoort_retention')]);
    }
  });
});

describe('the role of retention', () => {
  const columns = '(id, at, canonical, salt, entry_digest, retention_class, expires_month, version)';
  const record = oldRecord(new Date(), { kind: 'ADMIN' });
  const values = [record.id, record.at, record.canonical, record.salt, record.entryDigest];

  it.each([
    ['change a record', 'UPDATE ketenpoort.access_record SET salt = salt', []],
    ['remove an erasure', `DELETE FROM ketenpoort.access_record WHERE kind = 'ERASURE'`, []],
    ['remove a leaf', 'DELETE FROM ketenpoort.leaf', []],
    ['add a leaf', `INSERT INTO ketenpoort.leaf SELECT * FROM ketenpoort.leaf LIMIT 1`, []],
    ['change a message', 'UPDATE ketenpoort.message SET withdrawn_at = now()', []],
    ['forget a message', 'DELETE FROM ketenpoort.message_key', []],
    ['remove a case', 'DELETE FROM ketenpoort.lvv_case', []],
    [
      'record anything but an erasure',
      `INSERT INTO ketenpoort.access_record ${columns} VALUES ($1, $2, $3, $4, $5, 'ADMIN', '2031-11', 1)`,
      values,
    ],
    [
      'tie a person to a record',
      `INSERT INTO ketenpoort.access_record_subject VALUES ($1, $2, $3)`,
      [record.id, record.at, Buffer.alloc(32)],
    ],
  ])('may not %s', async (_, sql, parameters) => {
    expect(await refusalOf(world.retentionUrl, sql, [...parameters])).toBe('42501');
  });
});

describe('another term (C34)', () => {
  it('holds for records made under it, not for those that are there', async () => {
    const dir = join(world.folder, 'policy');
    for (const version of ['2026.1', '2026.2'])
      cpSync('apps/gateway/policy/2026.1', join(dir, version), { recursive: true });
    const change = (file: string, edit: (text: string) => string): void => {
      const path = join(dir, '2026.2', file);
      writeFileSync(path, edit(readFileSync(path, 'utf8')));
    };
    change('version.json', (text) =>
      JSON.stringify({ ...(JSON.parse(text) as object), version: '2026.2', validFrom: today() }),
    );
    change('retention.json', (text) => text.replace(/("code": "REFUSAL",[^}]*"months": )60/, '$112'));
    const refuse = async (): Promise<string> => {
      await contentOf(world, 'rot', UNKNOWN_MESSAGE, 'P03');
      const [row] = await world.rows<{ id: string }>(
        `SELECT id FROM access_record WHERE action = 'content.read' AND kind = 'REFUSAL' ORDER BY at DESC LIMIT 1`,
      );
      return row?.id ?? '';
    };
    const before = await refuse();
    await world.gateways.shift()?.process.stop();
    await world.startGateway({ POLICY_DIR: dir });
    const after = await refuse();
    const expires = await world.rows<{ id: string; month: string }>(
      'SELECT id, expires_month AS month FROM access_record WHERE id = ANY ($1)',
      [[before, after]],
    );
    const monthOf = (id: string): string | undefined => expires.find((row) => row.id === id)?.month;
    const inMonths = (months: number): string => monthsAgo(-months).toISOString().slice(0, 7);
    expect([monthOf(before), monthOf(after)]).toEqual([inMonths(60), inMonths(12)]);
  });
});
