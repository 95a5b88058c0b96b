import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { readConfig } from '../apps/gateway/src/config.js';
import { startPostgres, type EmbeddedPostgres } from '../tools/database/embedded-postgres.js';
import { archive } from '../tools/doctor/database-checks.js';
import { BackupDrill } from './support/backup-drill.js';
import { urlsOf } from './support/own-server.js';
import { postgresClient } from './support/postgres-client.js';
import { until } from './support/until.js';

// The restore of docs/operations.md, section 13, from a base backup and the WAL that another machine received.
jest.setTimeout(120_000);
const LIMIT_MS = 30_000;
/** Longer than any answer takes here. */
const HELD_UP_MS = 1_500;

const client = await postgresClient();
// Left out where PostgreSQL's client programs are missing: with CI=true `npm test` counts that as a failure.
if ('reason' in client) console.warn(`restore from the WAL: ${client.reason}`);
const describeWithTools = 'reason' in client ? describe.skip : describe;

const folder = mkdtempSync(join(tmpdir(), 'ketenpoort-wal-'));
// The account of the server has to get to its data.
chmodSync(folder, 0o755);
const [base, wal] = [join(folder, 'base'), join(folder, 'wal')];

let postgres: EmbeddedPostgres;
let drill: BackupDrill;
let receiver: ChildProcess | null = null;

const tool = (name: string): string => join('env' in client ? (client.env.PG_BIN_DIR ?? '') : '', name);
const replication = (): string => `${postgres.superUrl('postgres')}?application_name=archive`;
const start = (): Promise<EmbeddedPostgres> => startPostgres({ dataDir: join(folder, 'postgres') });

async function ask<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const own = new pg.Client({ connectionString: postgres.superUrl('postgres') });
  await own.connect();
  return (await own.query<Row>(sql).finally(() => own.end())).rows;
}

/** What doctor says of the WAL in production. */
const doctor = (): Promise<string> => {
  const config = readConfig(drill.world.environment({ agency: 1, public: 1, management: 1 }));
  return archive({ ...config, mode: 'production' });
};

beforeAll(async () => {
  if (!('env' in client)) return;
  postgres = await start();
  drill = await BackupDrill.open(client.env, { urls: urlsOf(postgres) });
});
afterAll(async () => {
  receiver?.kill('SIGKILL');
  await drill?.close();
  await postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
});

describeWithTools('a server that is lost with its disk', () => {
  let data: string;
  const answered: string[] = [];

  it('had its WAL received as it was written: no answer before it is on the second disk', async () => {
    await expect(doctor()).rejects.toMatchObject({ message: expect.stringContaining('The WAL is not archived') });
    mkdirSync(wal);
    const receive = ['-D', wal, '--slot', 'archive', '-d', replication()];
    execFileSync(tool('pg_receivewal'), [...receive, '--create-slot', '--if-not-exists']);
    await expect(doctor()).rejects.toMatchObject({ message: expect.stringContaining('nobody reads') });
    receiver = spawn(tool('pg_receivewal'), [...receive, '--synchronous'], { stdio: 'ignore' });
    await ask(`ALTER SYSTEM SET synchronous_standby_names = 'archive'`);
    await ask('SELECT pg_reload_conf()');
    await until('commits wait for the receiver', LIMIT_MS, async () => {
      const [row] = await ask<{ state: string }>('SELECT sync_state AS state FROM pg_stat_replication');
      return row?.state === 'sync';
    });
    expect(await doctor()).toContain('commits wait for it');
    // One that reads hides no other that does not.
    await ask(`SELECT pg_create_physical_replication_slot('forgotten')`);
    await expect(doctor()).rejects.toMatchObject({ message: expect.stringContaining('nobody reads') });
    await ask(`SELECT pg_drop_replication_slot('forgotten')`);
    receiver.kill('SIGSTOP');
    const sent = drill.steps.screening('rot').then(({ caseId }) => caseId);
    expect(await Promise.race([sent, sleep(HELD_UP_MS, 'nothing')])).toBe('nothing');
    receiver.kill('SIGCONT');
    answered.push(await sent);
  });

  it('is gone in the middle of its work, after a base backup and a nightly one', async () => {
    execFileSync(tool('pg_basebackup'), ['-D', base, '-X', 'none', '--checkpoint=fast', '-d', replication()]);
    expect((await drill.backup(['create', '--out', drill.folderOf('night')])).exitCode).toBe(0);
    // Ends with the call that the failure cut off: it was not answered.
    const sending = (async () => {
      for (;;) answered.push((await drill.steps.screening('rot')).caseId);
    })().catch((error: unknown) => error);
    const before = answered.length;
    await until('cases come in', LIMIT_MS, () => answered.length > before + 20);
    [{ data_directory: data }] = (await ask('SHOW data_directory')) as [{ data_directory: string }];
    process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
    expect(await sending).toBeInstanceOf(Error);
    await until('the receiver has noticed', LIMIT_MS, () => receiver?.exitCode !== null || receiver.kill());
    // With the disk, and with what it left of itself on the machine.
    for (const lost of [data, join(dirname(data), 'socket')])
      for (const name of readdirSync(lost)) rmSync(join(lost, name), { recursive: true });
    await Promise.all(drill.world.gateways.splice(0).map((gateway) => gateway.process.stop()));
  });

  it('is restored with every message that was answered, and goes on with the same log', async () => {
    cpSync(base, data, { recursive: true });
    for (const name of readdirSync(wal).filter((one) => one.endsWith('.partial')))
      copyFileSync(join(wal, name), join(wal, name.replace('.partial', '')));
    const settings = [`restore_command = 'cp "${wal}/%f" "%p"'`, `synchronous_standby_names = ''`];
    appendFileSync(join(data, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
    writeFileSync(join(data, 'recovery.signal'), '');
    execFileSync('chown', ['-R', '--reference', dirname(data), data, wal]);
    chmodSync(data, 0o700);
    postgres = await start();
    await until('the WAL is replayed', LIMIT_MS, async () => {
      const [row] = await ask<{ replaying: boolean }>('SELECT pg_is_in_recovery() AS replaying');
      return row?.replaying === false;
    });
    const held = await drill.world.rows<{ id: string }>('SELECT id FROM lvv_case');
    expect(answered.filter((caseId) => !held.some(({ id }) => id === caseId))).toEqual([]);
    const seen = drill.witness.seen?.size ?? 0;
    await drill.world.startGateway({ ERASURE_JOURNAL_FILE: drill.journal });
    await drill.steps.screening('rot');
    // The witness outlived the server: it takes no log that has fewer leaves than it has seen, or others.
    expect(await drill.witnessed()).toBeGreaterThan(seen);
    const checked = await drill.backup(['check', '--from', drill.folderOf('night')]);
    expect([checked.exitCode, checked.stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 'nothing is missing']);
  });
});
