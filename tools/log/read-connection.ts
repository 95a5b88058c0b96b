import pg from 'pg';

const CONNECT_TIMEOUT_MS = 5_000;

/** Runs the work on one connection of the role that may read the log. */
export async function withReader<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'ketenpoort-log',
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
