import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { leafHash } from '#ledger/hash.js';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import { AccessLog } from '../apps/gateway/src/access-log/log/access-log.js';
import { cosignedCheckpoint } from '../apps/gateway/src/access-log/log/checkpoints.js';
import { insertRecords } from '../apps/gateway/src/access-log/insert-records.js';
import { LogKey } from '../apps/gateway/src/access-log/log/log-key.js';
import { newestHead } from '../apps/gateway/src/access-log/log/tree-head.js';
import { checkLog } from '../tools/doctor/log-check.js';
import { runBuilt, someRecord, verifyBuilt } from './support/log-copies.js';
import { openOwnDatabase, runAs, type OwnDatabase } from './support/own-database.js';
import { until } from './support/until.js';
import { WitnessServer } from './support/witness-server.js';

const ORIGIN = 'story.ketenpoort.example/log';
const LIMIT_MS = 15_000;
const IN_SCHEMA = { options: '-c search_path=ketenpoort' } as const;
const SILENT = pino({ level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'ketenpoort-restore-'));
const keyFile = join(folder, 'log.key');
const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
writeFileSync(keyFile, pem, { mode: 0o600 });
const key = LogKey.from(pem);

let server: OwnDatabase;
/** A copy of the log that has since gone on. */
let backup: string;
let witness: WitnessServer;
/** Of the restored database. */
let pool: pg.Pool;

/** The log of a gateway on this database, until it has done `work`. */
async function withLog(name: string, work: (log: AccessLog, pool: pg.Pool) => Promise<void>): Promise<void> {
  const own = new pg.Pool({ connectionString: server.urlsOf(name).app, max: 4, ...IN_SCHEMA });
  const parts = { origin: ORIGIN, quorum: null, maxLagSeconds: 300, log: SILENT, onWork: () => () => undefined };
  const log = await AccessLog.open({ pool: own, key, ...parts });
  try {
    await work(log, own);
  } finally {
    await log.close();
    await own.end();
  }
}

const record = (own: pg.Pool, count: number) =>
  insertRecords(
    own,
    Array.from({ length: count }, () => someRecord()),
  );

beforeAll(async () => {
  server = await openOwnDatabase();
  witness = await WitnessServer.start(() =>
    Promise.resolve([ORIGIN, `${ORIGIN}/2`].map((origin) => parseVerifierKey(key.verifierKeyOf(origin)))),
  );
  const live = new URL(server.urls.app).pathname.slice(1);
  // A database can be copied only while nobody is connected to it.
  await server.app.destroy();
  const register = 'INSERT INTO ketenpoort.witness (name, vkey, url) VALUES ($1, $2, $3)';
  await runAs(server.urls.owner, register, [witness.name, witness.vkey, witness.url]);
  const recordAndCosign = (count: number, size: number) => async (_log: AccessLog, own: pg.Pool) => {
    await record(own, count);
    await until(`the witness has seen ${size}`, LIMIT_MS, () => witness.seen?.size === size);
    await until('its word is kept', LIMIT_MS, async () => (await cosignedCheckpoint(own, 1))?.size === size);
  };
  await withLog(live, recordAndCosign(10, 10));
  backup = await server.another(live);
  await withLog(live, recordAndCosign(7, 17));
  pool = new pg.Pool({ connectionString: server.urlsOf(backup).app, max: 2, ...IN_SCHEMA });
}, 90_000);
afterAll(async () => {
  await pool?.end();
  await server?.close();
  await witness?.close();
});

const doctor = () => {
  const accessLog = { keyFile, origin: ORIGIN, witnessQuorum: null, maxLagSeconds: 300 };
  return checkLog({ databaseUrl: server.urlsOf(backup).app, accessLog });
};

function restart(...args: string[]) {
  const env = { PATH: process.env.PATH, DATABASE_URL: server.urlsOf(backup).app, LOG_KEY_FILE: keyFile };
  const command = ['dist/tools/log/main.js', 'restart', '--operator', 'beheer-1', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('a gateway on a restored, older database', () => {
  it('is not restarted as long as nothing is wrong with its log', () => {
    expect(restart()).toMatchObject({ status: 2, output: expect.stringContaining('is not halted') });
    const typed = restart('--force', 'another.example/log');
    expect(typed).toMatchObject({ status: 2, output: expect.stringContaining('is not halted') });
  });

  it('asks the witness before it sequences anything, and then appends nothing and takes no work', async () => {
    await record(pool, 3);
    await withLog(backup, async (log) => {
      await until('it has had time to sequence', LIMIT_MS, () => log.health.trouble);
      expect(log.health.trouble).toContain('has seen size 17, this log had 10');
      expect(log.health.refusal()?.code).toBe('LOG_UNAVAILABLE');
    });
    const { rows } = await pool.query('SELECT kind, details FROM ketenpoort.log_alarm');
    expect(rows).toEqual([{ kind: 'SHRINK', details: { epoch: 1, size: 17, ownSize: 10 } }]);
    expect((await newestHead(pool))?.edge.size).toBe(10);
    const left = await pool.query('SELECT record_id FROM ketenpoort.pending_leaf');
    expect(left.rowCount).toBe(3);
  });

  it('is told by the doctor how many leaves are missing, and what to do', async () => {
    await expect(doctor()).rejects.toThrow(/7 leaves that a witness has seen are missing.*npm run log -- restart/s);
  });

  it('goes on in a new epoch whose first leaf is the record of the restart, with the old checkpoint in it', async () => {
    const old = await cosignedCheckpoint(pool, 1);
    expect(restart()).toMatchObject({ status: 0, output: expect.stringContaining(`goes on as ${ORIGIN}/2`) });
    const { rows } = await pool.query<{ record: object; entry: Buffer; class: string; expires: string }>(
      `SELECT convert_from(canonical, 'UTF8')::jsonb AS record, l.entry, retention_class AS class, expires_month AS expires
       FROM ketenpoort.leaf l JOIN ketenpoort.access_record r ON r.id = l.record_id WHERE epoch = 2 AND position = 0`,
    );
    expect(rows[0]).toMatchObject({ class: 'PERMANENT', expires: '5461-04' });
    expect(rows[0]?.record).toMatchObject({
      kind: 'ADMIN',
      action: 'log.restart',
      userReference: 'beheer-1',
      decision: { reasons: ['SHRINK'] },
      details: { epoch: 1, origin: ORIGIN, size: 10, checkpoint: old?.note, witnessedSize: 17 },
    });
    const head = await newestHead(pool);
    expect(head).toMatchObject({ epoch: 2, origin: `${ORIGIN}/2`, halted: null });
    expect(head?.root).toEqual(leafHash(rows[0]?.entry ?? Buffer.alloc(0)));
  });

  it('sequences what waited there, serves both epochs, and the doctor is content', async () => {
    // The witness is told of the new log and begins it anew.
    witness.seen = null;
    await withLog(backup, async (log) => {
      expect(log.health.refusal()).toBeNull();
      expect((await newestHead(pool))?.edge.size).toBe(4);
      const lineOf = async (path: string) => (await log.readPart(`/v1/log/${path}`))?.body.toString().split('\n')[0];
      expect(await lineOf('checkpoint')).toBe(`${ORIGIN}/2`);
      expect(await lineOf('epochs/1/checkpoint')).toBe(ORIGIN);
      expect(await lineOf('epochs/1/key')).toBe(key.verifierKeyOf(ORIGIN));
      await until('the new epoch is cosigned', LIMIT_MS, () => cosignedCheckpoint(pool, 2));
    });
    expect(await doctor()).toContain(`${ORIGIN}/2 has 4 leaves`);
  });

  it('is exported with both epochs, each cosigned, and the second continues the first', async () => {
    const out = join(folder, 'export');
    const exported = await runBuilt('dist/tools/log/main.js', ['export', '--out', out], {
      DATABASE_URL: server.urlsOf(backup).reader,
    });
    expect(exported).toMatchObject({ exitCode: 0 });
    writeFileSync(join(folder, 'witnesses'), `${witness.vkey}\n`);
    const trust = ['--key', key.verifierKeyOf(ORIGIN), '--witnesses', join(folder, 'witnesses')];
    const report = await verifyBuilt(out, ...trust);
    expect(report).toMatchObject({
      exitCode: 0,
      findings: [],
      epochs: [
        { epoch: 1, origin: ORIGIN, size: 10, records: 10, cosigned: { size: 10, by: [witness.name] } },
        { epoch: 2, origin: `${ORIGIN}/2`, size: 4, records: 4, cosigned: { size: 4, by: [witness.name] } },
      ],
    });
    // An ERASURE record of either epoch would explain it; there is none.
    writeFileSync(join(out, 'records/000.p/10.bin'), Buffer.alloc(4 * 10));
    const emptied = await verifyBuilt(out, ...trust);
    expect(emptied.findings.map(({ kind, epoch }) => `${kind} ${epoch}`)).toEqual(
      Array.from({ length: 10 }, () => 'ERASURE_UNLOGGED 1'),
    );
  });

  it('refuses to start with another key or under another name', async () => {
    const other = LogKey.from(
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    const parts = { pool, quorum: null, maxLagSeconds: 300, log: SILENT, onWork: () => () => undefined };
    await expect(AccessLog.open({ ...parts, key: other, origin: ORIGIN })).rejects.toThrow('is not the key');
    await expect(AccessLog.open({ ...parts, key, origin: 'b.example/log' })).rejects.toThrow('LOG_ORIGIN is');
  });
});
