import type { EventEmitter } from 'node:events';
import { DataSource } from 'typeorm';
import { ENTITIES } from './entities/register-entities.js';
import { DatabaseClient } from './database-client.js';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { MIGRATIONS } from './migrations/all-migrations.js';

export const SCHEMA = 'ketenpoort';
/** No request may hold a lock on a case longer than this; the batch is then replayed one by one. */
const LOCK_TIMEOUT_MS = 2_000;
/** A transaction that its process forgot may not block others for longer. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** The server ends a statement at its limit. When nothing is heard so much later, server or network is gone. */
const SILENCE_MS = 5_000;
/** After so long without traffic the system asks whether the other side is still there. */
const KEEP_ALIVE_DELAY_MS = 10_000;
/** Migrations may rewrite tables: only the lock stays bounded, so that they never queue in front of live traffic. */
const MIGRATION_STATEMENT_TIMEOUT_MS = 0;

export interface DataSourceOptions {
  /** Connections this process may hold. */
  readonly poolSize: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly statementTimeoutMs?: number;
}

/**
 * An unconnected data source for PostgreSQL with the limits of the design on every connection; the caller initialises
 * and destroys it. `url` is `postgres://role:password@host:port/database`.
 */
export function createDataSource(url: string, options: DataSourceOptions): DataSource {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  return new DataSource({
    type: 'postgres',
    url,
    schema: SCHEMA,
    applicationName: options.applicationName,
    poolSize: options.poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    entities: [...ENTITIES],
    migrations: [...MIGRATIONS],
    migrationsTableName: 'migrations',
    synchronize: false,
    // Never the ORM's own query log: it prints parameter values, and those are persons.
    logging: false,
    installExtensions: false,
    extra: {
      options: `-c search_path=${SCHEMA}`,
      statement_timeout: statementTimeoutMs,
      Client: DatabaseClient,
      silenceMs: statementTimeoutMs > 0 ? statementTimeoutMs + SILENCE_MS : 0,
      // A statement goes out without waiting for the answer to the one before it (storage/transaction.ts).
      pipeline: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      onConnect: outliveItsEnd,
    },
  });
}

/**
 * The pool hears of the end of connections that it holds, not of those that it gave out: one that breaks between two
 * statements would end the process. Whoever has it finds out at the next statement, and the pool throws it away.
 */
function outliveItsEnd(client: EventEmitter): void {
  client.on('error', () => undefined);
}

/**
 * Brings the database of `ownerUrl` to this release's schema and returns the names of the migrations it ran; running
 * it again, or twice at once, changes nothing.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const dataSource = createDataSource(ownerUrl, {
    poolSize: 2,
    applicationName: 'ketenpoort-migrate',
    statementTimeoutMs: MIGRATION_STATEMENT_TIMEOUT_MS,
  });
  await dataSource.initialize();
  const guard = dataSource.createQueryRunner();
  try {
    await guard.query('SET lock_timeout = 0');
    await guard.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.migration]);
    await guard.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map((migration) => migration.name);
  } finally {
    await guard.release();
    await dataSource.destroy();
  }
}
