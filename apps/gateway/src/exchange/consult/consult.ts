import type { Pool, PoolClient } from 'pg';
import { PURPOSES, type FieldGroup } from '#contracts/domain.js';
import type { AccessRecordInput, DecisionInputs } from '../../access-log/access-record.js';
import { insertRecords } from '../../access-log/insert-records.js';
import type { RecordMaker } from '../../access-log/record-maker.js';
import { traceFields } from '../../access-log/trace-fields.js';
import { localDateAt } from '../../cases/calendar.js';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import type { CaseClock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { TraceContext } from '../../trace-context.js';
import type { Peer } from '../../peers/peer.js';
import { activityOfConsultation } from '../../policy/activity-of-consultation.js';
import { decideCase } from '../../policy/decide.js';
import type { Decision } from '../../policy/decision.js';
import { endedPurposesOf } from '../../policy/purpose-ended.js';
import type { Policy } from '../../policy/policy.js';
import { project } from '../../policy/project.js';
import { isParty } from '../../policy/relation.js';
import { VIEW_RULES, type ViewName } from '../../policy/view-rules.js';
import type { ContentCipher } from '../../storage/content-crypto.js';
import { inTransaction } from '../../storage/transaction.js';
import { readCaseRow, subjectOfCase, type CaseRow } from '../case-row.js';
import { grantStandings } from '../grants/grant-rows.js';
import { municipalityOf } from '../municipality-of.js';
import { caseView, dossierView, timelineView, type TimelineRow } from './views.js';

export interface ConsultRequest {
  readonly peer: Peer;
  readonly caseId: string;
  readonly view: ViewName;
  readonly purpose: string | undefined;
  /** Header `User-Reference`: the agency's pseudonym of the person who looks. */
  readonly userReference: string | undefined;
  readonly trace: TraceContext;
}

export interface ConsultParts {
  /** The version in force at the moment of asking: a decision asks once. */
  readonly policy: Policy;
  readonly cipher: ContentCipher;
  readonly indexKey: Buffer;
  readonly clock: CaseClock;
  readonly makeRecord: RecordMaker;
}

export interface Consultation {
  readonly data: Readonly<Record<string, unknown>>;
  readonly released: readonly FieldGroup[];
  readonly withheld: readonly FieldGroup[];
  readonly accessRecord: { readonly id: string; readonly digest: string };
}

/** What was decided, and what the decision looked at; a refusal has its true reason for the record alone. */
type Judged = (
  | { readonly permitted: Extract<Decision, { permit: true }> }
  | { readonly refused: GatewayError; readonly reason: string }
) & { readonly grantId?: string };

const TIMELINE = `SELECT at, transition, from_state AS "fromState", to_state AS "toState", message_id AS "messageId"
  FROM case_event WHERE case_id = $1 ORDER BY n LIMIT 1000`;

/** A person at an agency looks at a case: relation, purpose, projection, record, commit; then the answer. */
export async function consult(pool: Pool, parts: ConsultParts, request: ConsultRequest): Promise<Consultation> {
  const settled = await inTransaction(pool, (client) => look(client, parts, request));
  if (settled instanceof GatewayError) throw settled;
  return settled;
}

async function look(
  client: PoolClient,
  source: ConsultParts,
  request: ConsultRequest,
): Promise<Consultation | GatewayError> {
  // One version of the policy for the whole request, also at midnight.
  const parts = { ...source };
  const row = await readCaseRow(client, request.caseId);
  const judged = row
    ? await judge(client, parts, request, row)
    : refuse('CASE_NOT_AVAILABLE', 'not available', 'no such case');
  const input = recordOf(parts, request, row, judged);
  const record = parts.makeRecord(input);
  await insertRecords(client, [record]);
  if ('refused' in judged) return judged.refused;
  const view = await viewOf(client, request, (row as CaseRow).snapshot);
  const { releases, released, withheld } = judged.permitted;
  const context = { contract: null, sender: null, readerOin: request.peer.oin };
  return {
    data: project(view, VIEW_RULES[request.view], releases, context),
    released,
    withheld,
    accessRecord: { id: record.id, digest: record.entryDigest.toString('base64url') },
  };
}

/** Relation first, then who looks, then what for; a running grant gives the role of its kind. */
async function judge(
  client: PoolClient,
  { policy, clock }: ConsultParts,
  { peer, caseId, view, userReference, purpose: given }: ConsultRequest,
  { snapshot }: CaseRow,
): Promise<Judged> {
  const now = clock.now();
  if (!isParty(snapshot.parties, peer.oin, localDateAt(now)))
    return refuse('CASE_NOT_AVAILABLE', 'not available', 'no party of the case');
  if (!userReference)
    return refuse('USER_REFERENCE_REQUIRED', 'a consultation is made by a person', 'no user reference');
  const purpose = PURPOSES.find((code) => code === given);
  if (given !== undefined && !purpose)
    return refuse('PURPOSE_NOT_ALLOWED', 'Purpose-Of-Use names no purpose', 'unknown purpose');
  const [grant] = await grantStandings(client, [{ peer, caseId, userReference, purpose }], now);
  const used = grant && grant.state !== 'none' ? { grantId: grant.grantId } : {};
  if (grant?.state === 'over') return { ...refuse('GRANT_ENDED', 'the grant of this person is over'), ...used };
  const role = grant?.state === 'running' ? { grant: grant.role } : {};
  const rules = VIEW_RULES[view];
  const decision = decideCase(policy, { readerKind: peer.kind, purpose, ...role, rules, facts: snapshot });
  return {
    ...(decision.permit ? { permitted: decision } : refuse(decision.code, decision.reasons.join('; '))),
    ...used,
  };
}

function refuse(code: GatewayError['code'], detail: string, reason = detail): Judged & { refused: GatewayError } {
  return { refused: new GatewayError(code, detail), reason };
}

async function viewOf(
  client: PoolClient,
  request: ConsultRequest,
  snapshot: CaseSnapshot,
): Promise<Readonly<Record<string, unknown>>> {
  if (request.view === 'case') return caseView(snapshot);
  if (request.view === 'dossier') return dossierView(snapshot);
  const { rows } = await client.query<TimelineRow>({
    name: 'consult-timeline',
    text: TIMELINE,
    values: [request.caseId],
  });
  return timelineView(request.caseId, rows);
}

function recordOf(
  parts: ConsultParts,
  request: ConsultRequest,
  row: CaseRow | undefined,
  judged: Judged,
): AccessRecordInput {
  const inputs = row ? { inputs: inputsOf(parts.policy, row, judged) } : {};
  const common = { ...about(parts.policy, request, row), subjects: row ? [subjectOfCase(parts, row)] : [] };
  if ('refused' in judged) {
    const { refused, reason } = judged;
    const policyVersion = parts.policy.version;
    return {
      kind: 'REFUSAL',
      ...common,
      decision: { outcome: 'refuse', code: refused.code, policyVersion, ...inputs, reasons: [reason] },
      fieldGroups: { released: [], withheld: [] },
    };
  }
  const { released, withheld, policyVersion, reasons, role } = judged.permitted;
  return {
    kind: 'CONSULTATION',
    ...common,
    decision: { outcome: 'permit', policyVersion, role, ...inputs, reasons },
    fieldGroups: { released, withheld },
  };
}

/** What closed in this case and what was granted, so that the decision can be made again under another policy. */
function inputsOf(policy: Policy, { snapshot }: CaseRow, { grantId }: Judged): DecisionInputs {
  const endedPurposes = endedPurposesOf(policy, snapshot);
  return { ...(endedPurposes.length > 0 ? { endedPurposes } : {}), ...(grantId ? { grantId } : {}) };
}

function about(policy: Policy, request: ConsultRequest, row: CaseRow | undefined) {
  const purpose = PURPOSES.find((code) => code === request.purpose);
  const activity = purpose && activityOfConsultation(policy, purpose);
  const { oin, kind, thumbprint } = request.peer;
  return {
    action: `${request.view}.read`,
    peer: { oin, kind, thumbprint },
    ...(request.userReference ? { userReference: request.userReference } : {}),
    ...(purpose ? { purpose } : {}),
    legalBases: activity?.legalBases ?? [],
    ...(activity ? { processingActivity: activity.uri } : {}),
    caseId: request.caseId,
    ...(row ? municipalityOf(row.snapshot.parties) : {}),
    ...traceFields(request.trace),
  };
}
