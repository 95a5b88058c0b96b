import type { PoolClient } from 'pg';

/** A national view that was asked for, and who has agreed. Times are of the system clock. */
export interface GrantRow {
  readonly id: string;
  /** Organisation of the officer who asked. */
  readonly oin: string;
  /** Thumbprint of the officer's certificate. */
  readonly person: string;
  readonly ground: string;
  readonly requestedAt: Date;
  readonly validUntil: Date;
  readonly endedAt: Date | null;
  readonly consents: readonly { readonly oin: string; readonly at: string }[];
}

const MAX_LISTED = 100;
const COLUMNS = `g.id, g.peer_oin AS oin, g.person, g.basis AS ground, g.valid_from AS "requestedAt",
  g.valid_until AS "validUntil", g.ended_at AS "endedAt",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('oin', c.oin, 'at', c.at) ORDER BY c.at, c.oin), '[]')
    FROM access_grant_consent c WHERE c.grant_id = g.id) AS consents`;
const LIST = `SELECT ${COLUMNS} FROM access_grant g WHERE g.kind = 'NATIONAL_VIEW' AND ($1::text IS NULL OR g.peer_oin = $1)
  ORDER BY g.valid_from DESC, g.id LIMIT ${MAX_LISTED}`;
const READ = `SELECT ${COLUMNS} FROM access_grant g WHERE g.kind = 'NATIONAL_VIEW' AND g.id = $1 FOR UPDATE OF g`;
const OPEN = `SELECT ${COLUMNS} FROM access_grant g
  WHERE g.kind = 'NATIONAL_VIEW' AND g.peer_oin = $1 AND g.person = $2 AND g.ended_at IS NULL AND g.valid_until > now()
  ORDER BY g.valid_from LIMIT 20`;
const INSERT = `INSERT INTO access_grant (id, kind, peer_oin, person, valid_from, valid_until, basis, record_id)
  VALUES ($1, 'NATIONAL_VIEW', $2, $3, $4, $5, $6, $7)`;
const CONSENT = `INSERT INTO access_grant_consent (grant_id, oin, officer, at, record_id) VALUES ($1, $2, $3, $4, $5)`;
const END = `UPDATE access_grant SET ended_at = $2 WHERE id = $1`;

/** Newest first; of one organisation, or of all when `oin` is null. */
export async function listGrants(client: PoolClient, oin: string | null): Promise<readonly GrantRow[]> {
  return (await client.query<GrantRow>(LIST, [oin])).rows;
}

/** Locks it: a consent and an end at the same moment follow each other. */
export async function readGrant(client: PoolClient, id: string): Promise<GrantRow | undefined> {
  return (await client.query<GrantRow>(READ, [id])).rows[0];
}

/** What this officer has asked for and has neither ended nor lapsed. */
export async function openGrants(client: PoolClient, oin: string, person: string): Promise<readonly GrantRow[]> {
  return (await client.query<GrantRow>(OPEN, [oin, person])).rows;
}

export async function insertGrant(client: PoolClient, grant: GrantRow, recordId: string): Promise<void> {
  const { id, oin, person, ground, requestedAt, validUntil } = grant;
  await client.query(INSERT, [id, oin, person, requestedAt, validUntil, ground, recordId]);
}

export async function insertConsent(
  client: PoolClient,
  consent: { readonly grantId: string; readonly oin: string; readonly officer: string; readonly at: Date },
  recordId: string,
): Promise<void> {
  const { grantId, oin, officer, at } = consent;
  await client.query(CONSENT, [grantId, oin, officer, at, recordId]);
}

export async function endGrant(client: PoolClient, id: string, at: Date): Promise<void> {
  await client.query(END, [id, at]);
}
