import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { removePostgres, startPostgres, type EmbeddedPostgres } from '../tools/database/embedded-postgres.js';

const LIMIT_MS = 60_000;
let dataDir: string;
let server: EmbeddedPostgres;

async function ask<T>(sql: string): Promise<T> {
  const client = new pg.Client({ connectionString: server.superUrl('postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: T }>(`SELECT (${sql})::text AS answer`);
    return rows[0]!.answer;
  } finally {
    await client.end();
  }
}

const startedAt = (): Promise<string> => ask('SELECT pg_postmaster_start_time()');

async function pidFile(): Promise<string> {
  return join(await ask<string>(`SELECT setting FROM pg_settings WHERE name = 'data_directory'`), 'postmaster.pid');
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ketenpoort-postgres-'));
  server = await startPostgres({ dataDir });
  await server.createDatabase('kept');
}, LIMIT_MS);

afterEach(async () => {
  server = await startPostgres({ dataDir });
}, LIMIT_MS);

afterAll(async () => {
  await server.remove();
  await rm(dataDir, { recursive: true, force: true });
}, LIMIT_MS);

describe('embedded PostgreSQL', () => {
  it('finds its data, its port and its passwords at the second start', async () => {
    const { port } = server;
    await server.stop();
    await server.stop();
    server = await startPostgres({ dataDir });
    expect(server.port).toBe(port);
    expect(await ask(`SELECT count(*) FROM pg_database WHERE datname = 'kept'`)).toBe('1');
    expect((await stat(join(dataDir, 'passwords.json'))).mode & 0o777).toBe(0o600);
  });

  it('adopts the server that a killed parent left behind', async () => {
    const before = await startedAt();
    server = await startPostgres({ dataDir });
    expect(await startedAt()).toBe(before);
  });

  it('has a session of its own, so that Ctrl-C at the terminal passes it by', async () => {
    const pid = (await readFile(await pidFile(), 'utf8')).split('\n')[0]!;
    const session = (text: string): string => text.slice(text.lastIndexOf(')') + 2).split(' ')[3]!;
    const [its, ours] = await Promise.all([pid, 'self'].map((one) => readFile(`/proc/${one}/stat`, 'utf8')));
    expect(session(its!)).toBe(pid);
    expect(session(its!)).not.toBe(session(ours!));
  });

  it('recovers what was committed when it is killed itself', async () => {
    await server.createDatabase('committed');
    const pid = Number((await readFile(await pidFile(), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    while (await stat(`/proc/${pid}`).catch(() => null)) await sleep(50);
    server = await startPostgres({ dataDir });
    expect(await ask(`SELECT count(*) FROM pg_database WHERE datname = 'committed'`)).toBe('1');
  });

  it('is not fooled by a process number that now belongs to another program', async () => {
    const file = await pidFile();
    const content = await readFile(file, 'utf8');
    await server.stop();
    await writeFile(file, content.replace(/^\d+/, String(process.pid)));
    server = await startPostgres({ dataDir });
    expect(await ask('SELECT 1')).toBe('1');
  });

  it('says with its own last lines why it does not start', async () => {
    await server.stop();
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
    });
    await expect(startPostgres({ dataDir, port })).rejects.toThrow(/did not start.*\n(.*\n)*.*Address already in use/);
    await new Promise((resolve) => taken.close(resolve));
  });

  it('starts anew when the folder with its passwords was removed: nobody could read the old data', async () => {
    await rm(join(dataDir, 'passwords.json'));
    server = await startPostgres({ dataDir });
    expect(await ask(`SELECT count(*) FROM pg_database WHERE datname = 'kept'`)).toBe('0');
  });

  it('starts anew after its data was removed', async () => {
    await server.remove();
    server = await startPostgres({ dataDir });
    expect(await ask('SELECT 1')).toBe('1');
  });

  it.each(['still runs', 'has stopped'])(
    'is removed by its folder alone when the server of an earlier run %s',
    async (how) => {
      const file = await pidFile();
      if (how === 'has stopped') await server.stop();
      await removePostgres(dataDir);
      await expect(ask('SELECT 1')).rejects.toThrow('ECONNREFUSED');
      await expect(stat(dirname(file))).rejects.toThrow('ENOENT');
    },
  );

  it('refuses a database name that is more than a name', async () => {
    expect(() => server.appUrl('kept?host=elsewhere')).toThrow('a database name matches');
    await expect(server.createDatabase('Kept"; DROP')).rejects.toThrow('a database name matches');
  });
});
