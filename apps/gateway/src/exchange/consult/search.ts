import type { Pool, PoolClient } from 'pg';
import { PURPOSES, type PeerKind } from '#contracts/domain.js';
import { insertRecords } from '../../access-log/insert-records.js';
import { localDateOf } from '../../cases/calendar.js';
import { GatewayError } from '../../errors.js';
import { decideCase } from '../../policy/decide.js';
import { isParty } from '../../policy/relation.js';
import { VIEW_RULES } from '../../policy/view-rules.js';
import { subjectIndex } from '../../storage/subject-index.js';
import { inTransaction } from '../../storage/transaction.js';
import { SELECT_CASE_ROW, type CaseRow } from '../case-row.js';
import type { ConsultParts } from './consult.js';
import { searchRecord, type SearchRequest } from './search-record.js';

export interface FoundCase {
  readonly caseId: string;
  readonly pilot: string;
  readonly state: string;
}

/** Search is by exact number only, and never for NGO, AVIM, COA or the programme bureau (design 5). */
const MAY_SEARCH: readonly PeerKind[] = ['MUNICIPALITY', 'IND', 'DTV'];
const MAX_FOUND = 20;
const FIND = `${SELECT_CASE_ROW}
  WHERE ($1::bytea IS NOT NULL AND p.subject_index = $1) OR ($2::text IS NOT NULL AND k.number = $2)
  ORDER BY k.opened_at DESC LIMIT ${MAX_FOUND}`;

/** Cases of the caller's own with exactly this number; an unknown number and another's case give the same empty list. */
export async function searchCases(
  pool: Pool,
  parts: ConsultParts,
  request: SearchRequest,
): Promise<readonly FoundCase[]> {
  const index = 'vNumber' in request.by ? subjectIndex(parts.indexKey, request.by.vNumber) : null;
  const result = await inTransaction(pool, async (client) => {
    const refused = refusal(parts, request);
    const own = refused ? [] : await ownCases(client, parts, request, index);
    await insertRecords(client, [parts.makeRecord(searchRecord(parts, { request, index, refused, own }))]);
    return refused ?? own;
  });
  if (result instanceof GatewayError) throw result;
  return result.map(({ snapshot: { id, pilot, state } }) => ({ caseId: id, pilot, state }));
}

async function ownCases(
  client: PoolClient,
  { clock }: ConsultParts,
  { by, peer }: SearchRequest,
  index: Buffer | null,
): Promise<readonly CaseRow[]> {
  const today = localDateOf(clock.now().toISOString());
  const values = [index, 'caseNumber' in by ? by.caseNumber : null];
  const { rows } = await client.query<CaseRow>({ name: 'search', text: FIND, values });
  return rows.filter(({ snapshot }) => isParty(snapshot.parties, peer.oin, today));
}

function refusal(parts: ConsultParts, { peer, purpose, userReference }: SearchRequest): GatewayError | null {
  if (!MAY_SEARCH.includes(peer.kind)) return new GatewayError('SEARCH_NOT_ALLOWED', `${peer.kind} does not search`);
  if (!userReference) return new GatewayError('USER_REFERENCE_REQUIRED', 'a consultation is made by a person');
  const known = PURPOSES.find((code) => code === purpose);
  if (purpose !== undefined && !known)
    return new GatewayError('PURPOSE_NOT_ALLOWED', 'Purpose-Of-Use names no purpose');
  // Whether the purpose has ended is asked of a case when it is opened; here only whether this caller has it at all.
  const facts = { state: 'APPLIED', admission: null, dossier: null, stays: [], flags: NO_FLAGS } as const;
  const decision = decideCase(parts.policy, { readerKind: peer.kind, purpose: known, rules: VIEW_RULES.case, facts });
  return decision.permit ? null : new GatewayError(decision.code, decision.reasons.join('; '));
}

const NO_FLAGS = {
  dtvNotified: false,
  outOfCovenant: false,
  provisionalIdentity: false,
  dossierUnderCorrection: false,
};
