import type pg from 'pg';
import type { DatabaseFacts } from './database-facts.js';
import type { Backup } from './manifest.js';

/** What is compared: a backup, and a database in one snapshot. */
export interface Compared {
  readonly backup: Backup;
  readonly client: pg.Client;
  readonly now: DatabaseFacts;
  /** Nothing has run on the database since the restore. */
  readonly exact: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** A checkpoint that somebody kept of this log. */
  readonly checkpointFile: string | undefined;
}
