import type { Pool } from 'pg';
import { PURPOSES, type PeerKind } from '#contracts/domain.js';
import { insertRecords } from '../../access-log/insert-records.js';
import { traceFields } from '../../access-log/trace-fields.js';
import { localDateOf } from '../../cases/calendar.js';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import { GatewayError } from '../../errors.js';
import type { TraceContext } from '../../trace-context.js';
import type { Peer } from '../../peers/peer.js';
import { activityOfConsultation } from '../../policy/activity-of-consultation.js';
import { decideCase } from '../../policy/decide.js';
import type { Policy } from '../../policy/policy.js';
import { isParty } from '../../policy/relation.js';
import { VIEW_RULES } from '../../policy/view-rules.js';
import { subjectIndex } from '../../storage/subject-index.js';
import { inTransaction } from '../../storage/transaction.js';
import type { ConsultParts } from './consult.js';

export interface SearchRequest {
  readonly peer: Peer;
  readonly by: { readonly vNumber: string } | { readonly caseNumber: string };
  readonly purpose: string | undefined;
  readonly userReference: string | undefined;
  readonly trace: TraceContext;
}

export interface FoundCase {
  readonly caseId: string;
  readonly pilot: string;
  readonly state: string;
}

/** Search is by exact number only, and never for NGO, AVIM, COA or the programme bureau (design 5). */
const MAY_SEARCH: readonly PeerKind[] = ['MUNICIPALITY', 'IND', 'DTV'];
const MAX_FOUND = 20;
const FIND = `SELECT k.snapshot FROM lvv_case k JOIN person p ON p.id = k.person_id
  WHERE ($1::bytea IS NOT NULL AND p.subject_index = $1) OR ($2::text IS NOT NULL AND k.number = $2) ORDER BY k.opened_at DESC LIMIT ${MAX_FOUND}`;

/** Cases of the caller's own with exactly this number; an unknown number and another's case give the same empty list. */
export async function searchCases(
  pool: Pool,
  parts: ConsultParts,
  request: SearchRequest,
): Promise<readonly FoundCase[]> {
  const today = localDateOf(parts.clock.now().toISOString());
  const index = 'vNumber' in request.by ? subjectIndex(parts.indexKey, request.by.vNumber) : null;
  const number = 'caseNumber' in request.by ? request.by.caseNumber : null;
  const result = await inTransaction(pool, async (client) => {
    const refused = refusal(parts, request);
    const { rows } = refused
      ? { rows: [] }
      : await client.query<{ snapshot: CaseSnapshot }>({ name: 'search', text: FIND, values: [index, number] });
    const own = rows.map((row) => row.snapshot).filter((one) => isParty(one.parties, request.peer.oin, today));
    await insertRecords(client, [parts.makeRecord(recordInput(parts.policy, request, index, refused, own))]);
    return refused ?? own;
  });
  if (result instanceof GatewayError) throw result;
  return result.map(({ id, pilot, state }) => ({ caseId: id, pilot, state }));
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

function recordInput(
  policy: Policy,
  request: SearchRequest,
  index: Buffer | null,
  refused: GatewayError | null,
  found: readonly CaseSnapshot[],
) {
  const purpose = PURPOSES.find((code) => code === request.purpose);
  const activity = purpose && activityOfConsultation(policy, purpose);
  const { oin, kind, thumbprint } = request.peer;
  return {
    kind: refused ? ('REFUSAL' as const) : ('CONSULTATION' as const),
    action: 'cases.search',
    peer: { oin, kind, thumbprint },
    ...(request.userReference ? { userReference: request.userReference } : {}),
    ...(purpose ? { purpose } : {}),
    legalBases: activity?.legalBases ?? [],
    ...(activity ? { processingActivity: activity.uri } : {}),
    // Who was looked for stands in the index beside the record, never in its bytes; "none found" counts as well.
    subjects: index ? [{ index, id: 'search' }] : [],
    decision: refused
      ? { outcome: 'refuse' as const, code: refused.code, reasons: [refused.detail] }
      : { outcome: 'permit' as const, reasons: [`found:${found.length}`] },
    fieldGroups: { released: refused ? [] : (['FG01'] as const), withheld: [] },
    ...traceFields(request.trace),
  };
}
