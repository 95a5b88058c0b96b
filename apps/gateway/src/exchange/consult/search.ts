import type { Pool, PoolClient } from 'pg';
import type { PurposeCode } from '#contracts/domain.js';
import { insertRecords } from '../../access-log/insert-records.js';
import { localDateAt } from '../../cases/calendar.js';
import { GatewayError } from '../../errors.js';
import type { Policy } from '../../policy/policy.js';
import { purposeEnded } from '../../policy/purpose-ended.js';
import { isParty } from '../../policy/relation.js';
import { subjectIndex } from '../../storage/subject-index.js';
import { inTransaction } from '../../storage/transaction.js';
import { SELECT_CASE_ROW, type CaseRow } from '../case-row.js';
import type { ConsultParts } from './consult.js';
import { decideSearch, foundCase, type FoundCase } from './search-decision.js';
import { searchRecord, type SearchRequest } from './search-record.js';

const MAX_FOUND = 20;
/** Far more than one person has. Those of others are among them: they must not push the caller's own out. */
const MAX_LOOKED_AT = 500;
const FIND = `${SELECT_CASE_ROW}
  WHERE ($1::bytea IS NOT NULL AND p.subject_index = $1) OR ($2::text IS NOT NULL AND k.number = $2)
  ORDER BY k.opened_at DESC LIMIT ${MAX_LOOKED_AT}`;

/**
 * Cases of the caller's own with exactly this number in which the purpose is open. An unknown number, another's case and
 * an ended purpose give the same empty list.
 */
export async function searchCases(
  pool: Pool,
  source: ConsultParts,
  request: SearchRequest,
): Promise<readonly FoundCase[]> {
  // One version of the policy for the whole request, also at midnight.
  const parts = { ...source };
  const index = 'vNumber' in request.by ? subjectIndex(parts.indexKey, request.by.vNumber) : null;
  const result = await inTransaction(pool, async (client) => {
    const decided = decideSearch(parts.policy, request);
    const own = 'permit' in decided ? await ownCases(client, parts, request, index) : [];
    const open = 'permit' in decided ? own.filter(isOpenFor(parts.policy, decided.purpose)) : [];
    await insertRecords(client, [parts.makeRecord(searchRecord(parts, { request, index, decided, own, open }))]);
    return 'permit' in decided ? open.map((row) => foundCase(row.snapshot, decided, request.peer.oin)) : decided;
  });
  if (result instanceof GatewayError) throw result;
  return result;
}

/** A case that is closed to a read for this purpose does not show its state to a search either. */
const isOpenFor =
  (policy: Policy, purpose: PurposeCode) =>
  ({ snapshot }: CaseRow): boolean =>
    !purposeEnded(policy, purpose, snapshot);

async function ownCases(
  client: PoolClient,
  { clock }: ConsultParts,
  { by, peer }: SearchRequest,
  index: Buffer | null,
): Promise<readonly CaseRow[]> {
  const today = localDateAt(clock.now());
  const values = [index, 'caseNumber' in by ? by.caseNumber : null];
  const { rows } = await client.query<CaseRow>({ name: 'search', text: FIND, values });
  return rows.filter(({ snapshot }) => isParty(snapshot.parties, peer.oin, today)).slice(0, MAX_FOUND);
}
