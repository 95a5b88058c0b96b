import pg from 'pg';
import type { PeerKind } from '#contracts/domain.js';

const DATABASE_LIMIT_MS = 10_000;

/** Kinds to which the catalogue routes messages. The others count as inactive here: they get no topic. */
const RECEIVERS: readonly PeerKind[] = ['MUNICIPALITY', 'NGO', 'IND', 'DTV', 'AVIM', 'COA'];
const READ_PEERS =
  "select oin, active and kind = any($1::text[]) as active from ketenpoort.peer where kind <> 'GATEWAY' order by oin";

export interface PeerRow {
  readonly oin: string;
  readonly active: boolean;
}

/** All registered peers, and whether each is to have a topic. Rejects when the database cannot be reached. */
export async function readPeers(databaseUrl: string): Promise<PeerRow[]> {
  const limits = { connectionTimeoutMillis: DATABASE_LIMIT_MS, query_timeout: DATABASE_LIMIT_MS };
  const client = new pg.Client({ connectionString: databaseUrl, ...limits });
  await client.connect();
  try {
    const { rows } = await client.query<PeerRow>(READ_PEERS, [RECEIVERS]);
    return rows;
  } finally {
    await client.end();
  }
}
