import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../../apps/gateway/src/storage/data-source.js';
import { type EmbeddedPostgres, startPostgres } from '../../database/embedded-postgres.js';
import { lastingPort } from './ports.js';
import { lives } from './process-tree.js';
import { Victim } from './victim.js';

const DATABASE = 'faults';

export interface Database {
  readonly victim: Victim;
  readonly port: number;
  readonly urls: Readonly<Record<'super' | 'owner' | 'app' | 'reader', string>>;
}

/** PostgreSQL of the stand's own, migrated; started again on the port that it had. */
export async function startDatabase(dataDir: string): Promise<Database> {
  const postgres = await startPostgres({ dataDir, port: await lastingPort() });
  await postgres.createDatabase(DATABASE);
  await migrate(postgres.ownerUrl(DATABASE));
  const { port } = postgres;
  const folder = await dataFolder(postgres.superUrl(DATABASE));
  const victim = new Victim('PostgreSQL', {
    pid: async () => {
      const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
      const pid = Number(text.split('\n')[0]);
      return pid > 0 && (await lives(pid)) ? pid : null;
    },
    start: async () => void (await startPostgres({ dataDir, port })),
    stop: () => postgres.stop(),
  });
  return { victim, port, urls: addresses(postgres) };
}

function addresses(postgres: EmbeddedPostgres): Database['urls'] {
  return {
    super: postgres.superUrl(DATABASE),
    owner: postgres.ownerUrl(DATABASE),
    app: postgres.appUrl(DATABASE),
    reader: postgres.readerUrl(DATABASE),
  };
}

/** The same database, reached by another port of this machine. */
export function throughPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

async function dataFolder(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory ?? '';
  } finally {
    await client.end();
  }
}
