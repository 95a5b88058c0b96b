import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccessRecordInput } from '../apps/gateway/src/access-log/access-record.js';
import { insertRecords } from '../apps/gateway/src/access-log/insert-records.js';
import { makeTestRecord } from '../apps/gateway/src/access-log/testing/terms.js';
import { migrate } from '../apps/gateway/src/storage/data-source.js';
import { ensurePartitions } from '../apps/gateway/src/storage/partitions.js';
import { poolOf } from '../apps/gateway/src/storage/pool-of.js';
import { applyRegister } from '../tools/register/apply-register.js';
import { postgresLog } from './support/kept.js';
import { openOwnDatabase, refusalOf, runAs, type OwnDatabase } from './support/own-database.js';
import { storiesRun } from './support/stories-run.js';
import { until } from './support/until.js';

const AMS = '00000099000000000101';
const DIGEST = Buffer.alloc(32, 1);

let database: OwnDatabase;

beforeAll(async () => {
  database = await openOwnDatabase();
  const pilots = [{ code: 'AMS', name: 'Amsterdam', municipalityOin: AMS, municipalityCode: '0363' }];
  await applyRegister(database.urls.owner, { pilots });
}, 60_000);
afterAll(async () => await database.close());

describe('schema', () => {
  it('is migrated once, also when two do it at the same time, and asks nothing the second time', async () => {
    const { owner: url } = database.urlsOf(await database.another());
    const applied = await Promise.all([migrate(url), migrate(url)]);
    expect(applied.flat()).toHaveLength(new Set(applied.flat()).size);
    expect(applied.flat()).toContain('Foundation1767225600000');
    expect(await migrate(url)).toEqual([]);
  });

  it('has the limits of the design on every connection', async () => {
    const [limits] = await database.app.query<object[]>(`SELECT current_setting('lock_timeout') AS lock,
      current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('statement_timeout') AS statement,
      current_setting('search_path') AS path, current_setting('synchronous_commit') AS commit`);
    expect(limits).toEqual({ lock: '2s', idle: '5s', statement: '10s', path: 'ketenpoort', commit: 'on' });
  });

  it('lives on when the server ends a connection between two statements', async () => {
    const client = await poolOf(database.app).connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await runAs(database.urls.super, 'SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    // Unheard, its end would be an error of nobody and end this process.
    await until('its end', 10_000, () => client.query('SELECT 1').then(
      () => false,
      () => true,
    )); // prettier-ignore
    client.release();
    expect(await database.app.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('has a partition for each of the next twelve months and one for everything else', async () => {
    await ensurePartitions(database.app);
    const rows = await database.app.query<{ parent: string; count: number; fallback: string }[]>(`
      SELECT i.inhparent::regclass::text AS parent, count(*)::int AS count,
        count(*) FILTER (WHERE pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT')::int AS fallback
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind = 'r' GROUP BY 1 ORDER BY 1`);
    // Last month, this one, twelve ahead, and the default.
    const expected = { count: 15, fallback: 1 };
    expect(rows).toEqual([
      { parent: 'access_record', ...expected },
      { parent: 'access_record_subject', ...expected },
      { parent: 'content', ...expected },
      { parent: 'delivery', ...expected },
    ]);
  });

  it('makes the months that it can when rows of one lie in the default partition already', async () => {
    const { owner: url } = database.urlsOf(await database.another(storiesRun().schemaTemplate));
    await runAs(
      url,
      `INSERT INTO ketenpoort.delivery (id, message_id, recipient_oin, purpose, family, partition_key, accepted_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), $1, 'P03', 'control', 'k', now() + interval '15 months')`,
      [AMS],
    );
    await runAs(url, 'SELECT ketenpoort.ensure_partitions(18)');
    const made = `SELECT 1 / (count(*) = 19)::int FROM pg_inherits WHERE inhparent = 'ketenpoort.delivery'::regclass
      AND inhrelid::regclass::text !~ 'default'`;
    expect(await refusalOf(url, made)).toBe('none');
  });

  it('removes nothing along with something else: no foreign key cascades', async () => {
    const rows = await database.app.query<object[]>(
      `SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype <> 'a' AND connamespace = 'ketenpoort'::regnamespace`,
    );
    expect(rows).toEqual([]);
  });
});

describe('access log', () => {
  const index = randomBytes(32);
  const input: AccessRecordInput = {
    kind: 'REFUSAL',
    peer: { oin: AMS, kind: 'MUNICIPALITY', thumbprint: 'a'.repeat(64) },
    purpose: 'P03',
    legalBases: ['LB1'],
    caseId: randomUUID(),
    subjects: [{ index, id: 'sealed' }],
    action: 'content.read',
    decision: { outcome: 'refuse', code: 'PURPOSE_NOT_ALLOWED', reasons: ['no row for (MUNICIPALITY, P03) "é"'] },
    fieldGroups: { released: [], withheld: ['FG01'] },
    messageId: randomUUID(),
  };
  const record = makeTestRecord(input);
  const anonymous = makeTestRecord({ ...input, subjects: [] });

  beforeAll(async () => await insertRecords(poolOf(database.app), [record, anonymous]));

  it('stores the very bytes, and derives from them what can be searched', async () => {
    const rows = await database.app.query<object[]>(
      `SELECT canonical, salt, entry_digest, kind, peer_oin, purpose, case_id, message_id, decision, r.tableoid::regclass::text AS home
       FROM access_record r JOIN access_record_subject s ON s.record_id = r.id AND s.at = r.at WHERE subject_index = $1`,
      [index],
    );
    const month = record.at.slice(0, 7).replace('-', '_');
    expect(rows).toEqual([
      {
        canonical: record.canonical,
        salt: record.salt,
        entry_digest: record.entryDigest,
        kind: 'REFUSAL',
        peer_oin: AMS,
        purpose: 'P03',
        case_id: input.caseId,
        message_id: input.messageId,
        decision: 'refuse',
        home: `access_record_${month}`,
      },
    ]);
  });

  it.each(['UPDATE access_record SET salt = salt', 'DELETE FROM access_record_subject', 'TRUNCATE access_record'])(
    'refuses the gateway to %s by its grants',
    async (sql) => {
      expect(await refusalOf(database.urls.app, sql.replace('access', 'ketenpoort.access'))).toBe('42501');
    },
  );

  it.each(['owner', 'super'] as const)('refuses the %s by trigger, on the table and on each partition', async (who) => {
    const url = database.urls[who];
    const partition = `ketenpoort.access_record_${record.at.slice(0, 7).replace('-', '_')}`;
    for (const table of ['ketenpoort.access_record', partition]) {
      for (const sql of [`UPDATE ${table} SET salt = salt`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
        expect([sql, await refusalOf(url, sql)]).toEqual([sql, '42501']);
      }
    }
    expect(await database.app.query('SELECT count(*)::int AS n FROM access_record')).toEqual([{ n: 2 }]);
  });

  it('lets retention remove a record, and change none', async () => {
    const url = database.urls.retention;
    expect(await refusalOf(url, 'UPDATE ketenpoort.access_record SET salt = salt')).toBe('42501');
    expect(await refusalOf(url, 'DELETE FROM ketenpoort.access_record WHERE id = $1', [anonymous.id])).toBe('none');
    expect(await database.app.query('SELECT id FROM access_record')).toEqual([{ id: record.id }]);
  });

  it('lets no writer say something else in a column than in the bytes', async () => {
    const other = makeTestRecord({ ...input, subjects: [] });
    await database.app.query(
      `INSERT INTO access_record (id, at, canonical, salt, entry_digest, retention_class, expires_month, version, kind, decision, peer_oin)
       VALUES ($1, $2, $3, $4, $5, 'RELEASE', '2031-11', 1, 'DELIVERY', 'permit', 'someone else')`,
      [other.id, other.at, other.canonical, other.salt, other.entryDigest],
    );
    const rows = await database.app.query<object[]>(
      'SELECT kind, decision, peer_oin FROM access_record WHERE id = $1',
      [other.id],
    );
    expect(rows).toEqual([{ kind: 'REFUSAL', decision: 'refuse', peer_oin: AMS }]);
  });

  it('takes no record whose bytes name another kind than the design lists', async () => {
    const forged = {
      ...record,
      id: randomUUID(),
      canonical: Buffer.from('{"decision":{"outcome":"refuse"},"kind":"OTHER"}'),
    };
    await expect(insertRecords(poolOf(database.app), [forged])).rejects.toMatchObject({ code: '23514' });
  });

  it('keeps values out of the server log, also when a statement fails', async () => {
    await expect(database.app.query('SELECT $1::uuid', ['planted-0000000001'])).rejects.toMatchObject({
      code: '22P02',
    });
    expect(await postgresLog()).not.toContain('0000000001');
  });
});

describe('stays', () => {
  const caseId = randomUUID();
  const personId = randomUUID();
  const stay = `INSERT INTO stay (id, case_id, person_id, kind, started_on, dtv_notification_id) VALUES ($1, $2, $3, $4, '2026-11-22', $5)`;
  const openStay = (kind: string, notification: string | null): Promise<unknown> =>
    database.app.query(stay, [randomUUID(), caseId, personId, kind, notification]);

  async function notification(): Promise<string> {
    const id = randomUUID();
    await database.app.query(
      `INSERT INTO message (id, contract, type, source, event_id, sender_oin, sender_kind, case_id, purpose,
         content_digest, record_id, entry_digest, key_id, accepted_at)
       VALUES ($1, 'M05', 'nl.lvv.dtv-notification.v1', 'urn:nld:oin:x:y', $1::uuid::text, $2, 'GATEWAY', $3, 'P02', $4, $1, $4, 'k', now())`,
      [id, AMS, caseId, DIGEST],
    );
    return id;
  }

  beforeAll(async () => {
    await database.app.query('INSERT INTO person (id, subject_index, created_at) VALUES ($1, $2, now())', [
      personId,
      DIGEST,
    ]);
    await database.app.query(
      `INSERT INTO lvv_case (id, number, pilot, municipality_oin, person_id, state, snapshot, version, key_id, opened_at, updated_at)
       VALUES ($1, 'LVV-AMS-2026-000001', 'AMS', $2, $3, 'APPLIED', '{}', 1, 'k', now(), now())`,
      [caseId, AMS, personId],
    );
  });
  beforeEach(async () => {
    await database.app.query(`UPDATE stay SET ended_on = '2026-11-22'`);
  });

  it('cannot exist without their notification to DT&V, nor with one that does not exist or serves another stay', async () => {
    await expect(openStay('SHELTER', null)).rejects.toMatchObject({ code: '23502' });
    await expect(openStay('SHELTER', randomUUID())).rejects.toMatchObject({ code: '23503' });
    const shared = await notification();
    await openStay('GUIDANCE_ONLY', shared);
    await expect(openStay('GUIDANCE_ONLY', shared)).rejects.toMatchObject({ code: '23505' });
  });

  it('give a person at most one open shelter (INV-6), and another once the first has ended', async () => {
    await openStay('SHELTER', await notification());
    await expect(openStay('SHELTER', await notification())).rejects.toMatchObject({
      constraint: 'stay_one_open_shelter',
    });
    await openStay('GUIDANCE_ONLY', await notification());
    await database.app.query(`UPDATE stay SET ended_on = '2026-11-23'`);
    await openStay('SHELTER', await notification());
  });

  it('know no kind and no case state that the process does not know', async () => {
    await expect(openStay('HOTEL', await notification())).rejects.toMatchObject({ code: '23514' });
    await expect(database.app.query(`UPDATE lvv_case SET state = 'LOST'`)).rejects.toMatchObject({ code: '23514' });
  });
});
