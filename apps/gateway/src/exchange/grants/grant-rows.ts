import type { PoolClient } from 'pg';
import type { PurposeCode } from '#contracts/domain.js';
import type { Peer } from '../../peers/peer.js';
import {
  grantKindFor,
  grantStanding,
  type CaseGrant,
  type CaseGrantKind,
  type GrantStanding,
} from '../../policy/grant.js';

/** Who asks, in which case, for what; without a case or a person no grant can apply. */
export interface GrantQuestion {
  readonly peer: Peer;
  readonly caseId: string | null;
  readonly userReference: string | undefined;
  readonly purpose: PurposeCode | undefined;
}

export interface NewGrant {
  readonly id: string;
  readonly kind: CaseGrantKind;
  readonly caseId: string;
  readonly member: string;
  /** The member organisation's own pseudonym of the person (`User-Reference`). */
  readonly person: string;
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly basis: string;
  readonly recordId: string;
}

export interface StoredGrant extends CaseGrant {
  readonly kind: CaseGrantKind;
  readonly member: string;
}

const COLUMNS = `g.id, g.valid_from AS "validFrom", g.valid_until AS "validUntil", g.ended_at AS "endedAt"`;
const FIND = `SELECT q.n::int, ${COLUMNS}
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS q(case_id, oin, person, kind, n)
  JOIN access_grant g ON g.peer_oin = q.oin AND g.person = q.person AND g.case_id = q.case_id AND g.kind = q.kind`;
const INSERT = `INSERT INTO access_grant (id, kind, case_id, peer_oin, person, valid_from, valid_until, basis, record_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
const LOCK = `SELECT ${COLUMNS}, g.kind, g.peer_oin AS member FROM access_grant g
  WHERE g.id = $1 AND g.case_id = $2 FOR UPDATE`;

/** How the grants of each asker stand; the database is asked only when one of them names a purpose that needs one. */
export async function grantStandings(
  client: PoolClient,
  questions: readonly GrantQuestion[],
  at: Date,
): Promise<readonly GrantStanding[]> {
  const asked = questions.flatMap((question, n) => {
    const kind = grantKindFor(question.purpose);
    const { caseId, userReference: person, peer } = question;
    return kind && caseId !== null && person !== undefined ? [{ n, kind, caseId, person, peer }] : [];
  });
  const none: GrantStanding = { state: 'none' };
  if (asked.length === 0) return questions.map(() => none);
  const { rows } = await client.query<CaseGrant & { n: number }>({
    name: 'grants-find',
    text: FIND,
    values: [
      asked.map((one) => one.caseId),
      asked.map((one) => one.peer.oin),
      asked.map((one) => one.person),
      asked.map((one) => one.kind),
    ],
  });
  const standings = new Map(
    asked.map(({ n, kind, peer }, index) => {
      const own = rows.filter((row) => row.n === index + 1);
      return [n, grantStanding(kind, peer.kind, own, at)] as const;
    }),
  );
  return questions.map((_, n) => standings.get(n) ?? none);
}

export async function insertGrant(client: PoolClient, grant: NewGrant): Promise<void> {
  const { id, kind, caseId, member, person, validFrom, validUntil, basis, recordId } = grant;
  await client.query(INSERT, [id, kind, caseId, member, person, validFrom, validUntil, basis, recordId]);
}

/** The grant of this case, locked until the end of the transaction. */
export async function lockGrant(client: PoolClient, caseId: string, grantId: string): Promise<StoredGrant | undefined> {
  const { rows } = await client.query<StoredGrant>(LOCK, [grantId, caseId]);
  return rows[0];
}

export async function endGrant(client: PoolClient, grantId: string, at: Date): Promise<void> {
  await client.query('UPDATE access_grant SET ended_at = $2 WHERE id = $1', [grantId, at]);
}
