import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../apps/gateway/src/storage/data-source.js';
import { createDatabase, dropDatabase } from '../../tools/database/database-roles.js';
import { storiesRun, type ServerUrls } from './stories-run.js';

/** A database of the story's own, migrated and otherwise empty, and a connection to it as the gateway has it. */
export interface OwnDatabase {
  readonly app: DataSource;
  readonly urls: ServerUrls;
  /** Of another database on the same server. */
  urlsOf(name: string): ServerUrls;
  /** Makes one more database, empty or a copy, that no other story has; returns its name. */
  another(template?: string): Promise<string>;
  close(): Promise<void>;
}

/** On the server of the run: a story that stops its server starts one itself. */
export async function openOwnDatabase(): Promise<OwnDatabase> {
  const run = storiesRun();
  const superUrl = run.urls.super.replace('%', 'postgres');
  const made: string[] = [];
  const another = async (template?: string): Promise<string> => {
    const name = `own_${randomUUID().slice(0, 8)}`;
    await createDatabase(superUrl, name, template);
    made.push(name);
    return name;
  };
  const urlsOf = (name: string): ServerUrls => {
    const { urls } = run;
    const of = (role: keyof ServerUrls): string => urls[role].replace('%', name);
    return { super: of('super'), owner: of('owner'), app: of('app'), retention: of('retention'), reader: of('reader') };
  };
  const urls = urlsOf(await another(run.schemaTemplate));
  const app = createDataSource(urls.app, { poolSize: 2, applicationName: 'story' });
  await app.initialize();
  const close = async (): Promise<void> => {
    if (app.isInitialized) await app.destroy();
    for (const name of made) await dropDatabase(superUrl, name);
  };
  return { app, urls, urlsOf, another, close };
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
