import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource, migrate } from '../../apps/gateway/src/storage/data-source.js';
import { startPostgres, type EmbeddedPostgres } from '../../tools/database/embedded-postgres.js';

const DATABASE = 'story';

/** A PostgreSQL server of the story's own, with a migrated database and a connection as the gateway has it. */
export interface OwnDatabase {
  readonly postgres: EmbeddedPostgres;
  readonly app: DataSource;
  readonly urls: Readonly<Record<'super' | 'owner' | 'app' | 'retention', string>>;
  close(): Promise<void>;
}

/** Takes about a second. */
export async function openOwnDatabase(): Promise<OwnDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ketenpoort-story-'));
  const postgres = await startPostgres({ dataDir });
  await postgres.createDatabase(DATABASE);
  await migrate(postgres.ownerUrl(DATABASE));
  const app = createDataSource(postgres.appUrl(DATABASE), { poolSize: 2, applicationName: 'story' });
  await app.initialize();
  return {
    postgres,
    app,
    urls: {
      super: postgres.superUrl(DATABASE),
      owner: postgres.ownerUrl(DATABASE),
      app: postgres.appUrl(DATABASE),
      retention: postgres.retentionUrl(DATABASE),
    },
    close: async () => {
      await app.destroy();
      await postgres.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function runAs(url: string, sql: string, parameters: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql, parameters);
  } finally {
    await client.end();
  }
}

/** SQLSTATE with which the database refuses the statement, or `none`. */
export async function refusalOf(url: string, sql: string, parameters: unknown[] = []): Promise<string> {
  return await runAs(url, sql, parameters).then(
    () => 'none',
    (error: unknown) => String((error as { code?: string }).code),
  );
}
