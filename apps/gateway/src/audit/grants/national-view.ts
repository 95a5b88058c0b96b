import type { PoolClient } from 'pg';
import { GatewayError } from '../../errors.js';
import type { AuditParts } from '../audit-parts.js';
import type { Caller } from '../caller.js';
import { hiddenActivities, type Sight } from '../sight.js';
import { controllersOf, missingConsents } from './controllers.js';

const RUNNING = `SELECT g.id, array_agg(c.oin) FILTER (WHERE c.oin IS NOT NULL) AS consents
  FROM access_grant g LEFT JOIN access_grant_consent c ON c.grant_id = g.id
  WHERE g.kind = 'NATIONAL_VIEW' AND g.peer_oin = $1 AND g.person = $2 AND g.ended_at IS NULL
    AND g.valid_from <= now() AND g.valid_until > now()
  GROUP BY g.id ORDER BY g.valid_until DESC LIMIT 20`;

/** The sight of this officer; a national one only when it is asked for and a grant runs. */
export async function sightOf(
  client: PoolClient,
  parts: AuditParts,
  caller: Caller,
  national: boolean,
): Promise<Sight | { readonly error: GatewayError }> {
  const grantId = national ? await runningGrant(client, parts, caller) : null;
  if (national && grantId === null) {
    return {
      error: new GatewayError('NATIONAL_VIEW_NOT_GRANTED', 'no grant of a national view runs for this officer'),
    };
  }
  return { oin: caller.oin, hidden: hiddenActivities(parts.versions, caller.kind), grantId };
}

/**
 * The grant under which this very person sees records of all organisations now. Asked anew for each question, so that
 * an end, a lapse, or a controller that joins without having agreed takes effect at once.
 */
export async function runningGrant(client: PoolClient, parts: AuditParts, caller: Caller): Promise<string | null> {
  const { rows } = await client.query<{ id: string; consents: readonly string[] | null }>({
    name: 'audit-running-grant',
    text: RUNNING,
    values: [caller.oin, caller.thumbprint],
  });
  const controllers = controllersOf(parts.peers);
  const running = rows.find(({ consents }) => missingConsents(controllers, consents ?? []).length === 0);
  return running?.id ?? null;
}
