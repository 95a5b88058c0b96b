import type pg from 'pg';
import { readHeads } from '../log/export-rows.js';

/** One epoch of the log as a backup has it. */
export interface LogFacts {
  readonly epoch: number;
  readonly origin: string;
  /** Verifier key, which is public. */
  readonly vkey: string;
  readonly size: number;
  /** Base64 of 32 bytes. */
  readonly root: string;
}

/** What must be right after a restore, as numbers that say nothing about anyone. */
export interface DatabaseFacts {
  /** Migrations that have run, in order. */
  readonly migrations: readonly string[];
  readonly log: readonly LogFacts[];
  /** Rows by table; partitions count with their table. */
  readonly rows: Readonly<Record<string, number>>;
  /** By OIN of the recipient: the last number of its inbox. */
  readonly lastSequences: Readonly<Record<string, number>>;
}

const HAS_SCHEMA = `SELECT to_regclass('ketenpoort.migrations') IS NOT NULL AS migrated`;
const MIGRATIONS = 'SELECT name FROM ketenpoort.migrations ORDER BY id';
const TABLES = `SELECT relname AS name FROM pg_class WHERE relnamespace = 'ketenpoort'::regnamespace
  AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`;
const SEQUENCES = `SELECT recipient_oin AS oin, last_sequence::text AS last FROM ketenpoort.recipient_counter
  ORDER BY recipient_oin`;

export async function hasSchema(client: pg.Client): Promise<boolean> {
  return (await client.query<{ migrated: boolean }>(HAS_SCHEMA)).rows[0]?.migrated === true;
}

/** Reads them in the transaction of the client: one snapshot, or they do not belong together. */
export async function readFacts(client: pg.Client): Promise<DatabaseFacts> {
  const migrations = await client.query<{ name: string }>(MIGRATIONS);
  const heads = await readHeads(client);
  const sequences = await client.query<{ oin: string; last: string }>(SEQUENCES);
  const rows: Record<string, number> = {};
  for (const { name } of (await client.query<{ name: string }>(TABLES)).rows) {
    const count = `SELECT count(*)::text AS count FROM ketenpoort.${client.escapeIdentifier(name)}`;
    rows[name] = Number((await client.query<{ count: string }>(count)).rows[0]?.count ?? 0);
  }
  return {
    migrations: migrations.rows.map(({ name }) => name),
    log: heads.map(({ epoch, origin, vkey, edge, root }) => ({
      epoch,
      origin,
      vkey,
      size: edge.size,
      root: root.toString('base64'),
    })),
    rows,
    lastSequences: Object.fromEntries(sequences.rows.map(({ oin, last }) => [oin, Number(last)])),
  };
}
