import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** Process id of the server's first process, the parent of all others. */
export async function postmasterPid(superUrl: string): Promise<number> {
  return await asSuperuser(superUrl, async (client) => {
    const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
    const text = await readFile(join(rows[0]?.folder ?? '', 'postmaster.pid'), 'utf8');
    return Number(text.split('\n')[0]);
  });
}

/** Bytes of write-ahead log since the server started. */
export async function walBytes(superUrl: string): Promise<number> {
  return await asSuperuser(superUrl, async (client) => {
    const { rows } = await client.query<{ bytes: string }>('SELECT wal_bytes::text AS bytes FROM pg_stat_wal');
    return Number(rows[0]?.bytes ?? 0);
  });
}

/**
 * Before a measure: what earlier ones left to be written is written now, and the planner knows what is there. Vacuumed
 * too: a hundred thousand fresh rows would have the server clean up behind them for the whole of the measure.
 */
export async function settle(superUrl: string): Promise<void> {
  await asSuperuser(superUrl, async (client) => {
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
  });
}

/**
 * Leaves so much log behind for use again (`min_wal_size`), as on a server that has worked for a day: a new one makes
 * and flushes a file of 16 MB whenever it has filled one, and all commits wait for that.
 */
export async function makeLogFiles(superUrl: string, megabytes: number): Promise<void> {
  await asSuperuser(superUrl, async (client) => {
    await client.query(
      `SELECT pg_logical_emit_message(false, '', repeat('x', 1048576)) FROM generate_series(1, $1::int)`,
      [megabytes],
    );
    await client.query('CHECKPOINT');
  });
}

async function asSuperuser<T>(superUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
