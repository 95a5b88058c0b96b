import pg from 'pg';
import { GatewayStartError } from '../../apps/gateway/src/start-error.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** The owner reads every table, and is the only role that can make them again. */
const OWNER_URL = 'DATABASE_OWNER_URL';

export const wrong = (cause: string, nextStep: string): GatewayStartError =>
  new GatewayStartError([{ cause, nextStep }]);

/** @throws GatewayStartError */
export function ownerUrl(env: NodeJS.ProcessEnv): string {
  const url = env[OWNER_URL];
  if (!url || !URL.canParse(url))
    throw wrong(`${OWNER_URL} is not set`, 'Give the address of the database as ketenpoort_owner; see --help.');
  return url;
}

/** Runs `work` on one connection as the owner. @throws GatewayStartError when the database cannot be reached. */
export async function withOwner<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'ketenpoort-backup',
    // The snapshot has to stand as long as pg_dump reads by it, whatever the server's own limit is.
    options: '-c search_path=ketenpoort -c idle_in_transaction_session_timeout=0',
  });
  // A server that stops under us also rejects the query that runs: once is enough.
  client.on('error', () => undefined);
  await client.connect().catch((error: { code?: string }) => {
    const next = `Check ${OWNER_URL}, and that PostgreSQL runs and takes this role.`;
    throw wrong(`The database cannot be reached (${error.code ?? 'no answer'})`, next);
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
