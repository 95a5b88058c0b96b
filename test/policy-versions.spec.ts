import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { makeTestRecord } from '../apps/gateway/src/access-log/testing/terms.js';
import { recordPolicyVersions, type LoadedVersion } from '../apps/gateway/src/access-log/policy-versions.js';
import { loadPolicyBook } from '../apps/gateway/src/policy/load-policy-book.js';
import { openOwnDatabase, refusalOf, type OwnDatabase } from './support/own-database.js';

/** Loading a version of the policy is a recorded event, and a version that was loaded never changes. */
let database: OwnDatabase;
let pool: pg.Pool;
const [current] = loadPolicyBook('apps/gateway/policy').versions;
const next: LoadedVersion = { version: 'next', validFrom: '2099-01-01', digest: 'ab'.repeat(32) };

beforeAll(async () => {
  database = await openOwnDatabase();
  pool = new pg.Pool({ connectionString: database.urls.app, max: 8 });
});
afterAll(async () => {
  await pool?.end();
  await database?.close();
});

interface Loaded {
  readonly version: string;
  readonly digest: string;
  readonly record: Record<string, unknown>;
  readonly pending: boolean;
}
async function loaded(): Promise<readonly Loaded[]> {
  const { rows } = await pool.query<Loaded>(
    `SELECT v.version, encode(v.digest, 'hex') AS digest, convert_from(r.canonical, 'UTF8')::jsonb AS record,
       EXISTS (SELECT 1 FROM ketenpoort.pending_leaf p WHERE p.record_id = r.id) AS pending
     FROM ketenpoort.policy_version v JOIN ketenpoort.access_record r ON r.id = v.record_id ORDER BY v.loaded_at, v.version`,
  );
  return rows;
}
const records = async (): Promise<number> =>
  Number((await pool.query<{ n: string }>('SELECT count(*) AS n FROM ketenpoort.access_record')).rows[0]?.n);

describe('loading a version of the policy', () => {
  it('is recorded once, with name, digest and first day, however many processes start at once', async () => {
    if (!current) throw new Error('no policy');
    await Promise.all(Array.from({ length: 8 }, () => recordPolicyVersions(pool, makeTestRecord, [current])));
    const { version, digest, validFrom } = current;
    expect(await loaded()).toMatchObject([
      {
        version,
        digest,
        pending: true,
        record: { kind: 'ADMIN', action: 'policy.load', details: { version, digest, validFrom } },
      },
    ]);
    expect(await records()).toBe(1);
  });

  it('records the version that is new, beside the ones that are known', async () => {
    if (!current) throw new Error('no policy');
    await recordPolicyVersions(pool, makeTestRecord, [current, next]);
    expect((await loaded()).map(({ version }) => version)).toEqual([current.version, 'next']);
    expect(await records()).toBe(2);
  });

  it('is refused when a known version has other files, with cause and next step, and nothing is written', async () => {
    const changed = { ...next, digest: 'cd'.repeat(32) };
    const fresh = { version: 'fresh', validFrom: '2100-01-01', digest: 'ef'.repeat(32) };
    await expect(recordPolicyVersions(pool, makeTestRecord, [fresh, changed])).rejects.toMatchObject({
      problems: [{ cause: expect.stringContaining('Policy next was loaded with digest abababab'), nextStep: expect.stringContaining('new version') }],
    });
    expect(await records()).toBe(2);
    expect((await loaded()).map(({ version }) => version)).not.toContain('fresh');
  }); // prettier-ignore

  it('cannot be taken back in the database', async () => {
    const change = `UPDATE ketenpoort.policy_version SET digest = decode(repeat('00', 32), 'hex')`;
    expect(await refusalOf(database.urls.app, change)).toBe('42501');
    expect(await refusalOf(database.urls.owner, change)).not.toBe('none');
  });
});
