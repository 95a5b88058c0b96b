import type { Pool, PoolClient } from 'pg';
import { contractById } from '#contracts/catalogue.js';
import type { ContractId } from '#contracts/contract.js';
import type { PurposeCode } from '#contracts/domain.js';
import type { AccessRecordInput, DecisionInputs } from '../../access-log/access-record.js';
import { insertRecords } from '../../access-log/insert-records.js';
import type { RecordMaker } from '../../access-log/record-maker.js';
import { traceFields } from '../../access-log/trace-fields.js';
import { localDateAt } from '../../cases/calendar.js';
import type { CaseClock } from '../../clock.js';
import type { Peer } from '../../peers/peer.js';
import { activityOfConsultation } from '../../policy/activity-of-consultation.js';
import { explain, type Explanation } from '../../policy/explain.js';
import type { GrantStanding } from '../../policy/grant.js';
import type { Policy } from '../../policy/policy.js';
import { endedPurposesOf } from '../../policy/purpose-ended.js';
import { isParty } from '../../policy/relation.js';
import type { ViewName } from '../../policy/view-rules.js';
import { inTransaction } from '../../storage/transaction.js';
import type { TraceContext } from '../../trace-context.js';
import { readCaseRow, subjectOfCase, type CaseRow, type SubjectKeys } from '../case-row.js';
import { grantStandings } from '../grants/grant-rows.js';
import { municipalityOf } from '../municipality-of.js';
import { WITHOUT_GRANT, WITHOUT_PURPOSE, WITHOUT_SUBJECT } from './refused-before-policy.js';

export interface EvaluationRequest {
  readonly peer: Peer;
  /** `policy.evaluate` or `access.evaluate`: which of the two doors. */
  readonly action: string;
  readonly userReference: string | undefined;
  readonly purpose: PurposeCode | undefined;
  readonly contract?: ContractId;
  readonly view?: ViewName;
  readonly messagePurpose?: PurposeCode;
  readonly caseId?: string;
  /** The question is about another than the caller. */
  readonly otherSubject?: true;
  readonly trace: TraceContext;
}

/** `basis` CASE: what has ended and what was granted in the case counts; POLICY: the abstract policy alone. */
export type Evaluation = Explanation & {
  readonly basis: 'CASE' | 'POLICY';
  readonly accessRecord: { readonly id: string; readonly digest: string };
};

export interface EvaluateParts extends SubjectKeys {
  readonly policy: Policy;
  readonly makeRecord: RecordMaker;
  readonly clock: CaseClock;
}

/** What of the case may count: only a party's question is answered from the case, so that the answer is no oracle. */
interface Facts {
  readonly row: CaseRow | undefined;
  readonly related: boolean;
  readonly endedPurposes: readonly PurposeCode[];
  readonly grant: GrantStanding;
}

const NO_GRANT: GrantStanding = { state: 'none' };

/** A dry run: permitted or not, by which rule, what would be released. Changes nothing and leaves one record. */
export async function evaluate(pool: Pool, source: EvaluateParts, request: EvaluationRequest): Promise<Evaluation> {
  // One version of the policy for the whole request, also at midnight.
  const parts = { ...source };
  return await inTransaction(pool, async (client) => {
    const facts = await factsFor(client, parts, request);
    const explanation = explained(parts.policy, request, facts);
    const record = parts.makeRecord(recordOf(parts, request, facts, explanation));
    await insertRecords(client, [record]);
    const accessRecord = { id: record.id, digest: record.entryDigest.toString('base64url') };
    return { ...explanation, basis: facts.related ? 'CASE' : 'POLICY', accessRecord };
  });
}

async function factsFor(client: PoolClient, parts: EvaluateParts, request: EvaluationRequest): Promise<Facts> {
  const { caseId, peer } = request;
  const row = caseId === undefined ? undefined : await readCaseRow(client, caseId);
  const now = parts.clock.now();
  const related = row !== undefined && isParty(row.snapshot.parties, peer.oin, localDateAt(now));
  if (!related) return { row, related, endedPurposes: [], grant: NO_GRANT };
  const [grant] = await grantStandings(client, [{ ...request, caseId: row.snapshot.id }], now);
  return { row, related, endedPurposes: endedPurposesOf(parts.policy, row.snapshot), grant: grant ?? NO_GRANT };
}

function explained(policy: Policy, request: EvaluationRequest, { endedPurposes, grant }: Facts): Explanation {
  const { peer, purpose, contract, view, messagePurpose, otherSubject } = request;
  if (otherSubject) return { ...WITHOUT_SUBJECT, policyVersion: policy.version };
  if (purpose === undefined) return { ...WITHOUT_PURPOSE, policyVersion: policy.version };
  if (grant.state === 'over') return { ...WITHOUT_GRANT, policyVersion: policy.version };
  return explain(policy, {
    readerKind: peer.kind,
    purpose,
    endedPurposes,
    ...(grant.state === 'running' ? { role: grant.role } : {}),
    ...(contract ? { contract } : {}),
    ...(view ? { view } : {}),
    ...(messagePurpose ? { messagePurpose } : {}),
  });
}

/** Nothing was released: what would be stands in the details, so that no report takes it for a disclosure. */
function recordOf(
  parts: EvaluateParts,
  request: EvaluationRequest,
  facts: Facts,
  { permit, code, role, rule, released, withheld, policyVersion }: Explanation,
): AccessRecordInput {
  const { peer, action, userReference, purpose, view, caseId, trace } = request;
  const { oin, kind, thumbprint } = peer;
  const { row, related } = facts;
  const relation =
    caseId === undefined ? [] : [related ? 'party of the case' : row ? 'no party of the case' : 'no such case'];
  return {
    kind: 'EVALUATION',
    action,
    peer: { oin, kind, thumbprint },
    ...(userReference ? { userReference } : {}),
    ...(purpose ? { purpose } : {}),
    ...groundsOf(parts.policy, request),
    ...(caseId ? { caseId } : {}),
    ...(row ? municipalityOf(row.snapshot.parties) : {}),
    subjects: row ? [subjectOfCase(parts, row)] : [],
    decision: {
      outcome: permit ? 'permit' : 'refuse',
      ...(code ? { code } : {}),
      policyVersion,
      ...(role ? { role } : {}),
      inputs: inputsOf(request, facts),
      reasons: [...relation, ...(rule.file ? [`rule ${rule.file}:${rule.line}`] : [])],
    },
    fieldGroups: { released: [], withheld: [] },
    details: {
      ...(view ? { view } : {}),
      wouldRelease: released.map(({ group }) => group),
      wouldWithhold: withheld.map(({ group }) => group),
    },
    ...traceFields(trace),
  };
}

function groundsOf(policy: Policy, { contract: id, purpose }: EvaluationRequest) {
  if (id !== undefined) {
    const { version, legalBases, processingActivity } = contractById(id);
    return { contract: { id, version }, legalBases, processingActivity };
  }
  if (purpose === undefined) return { legalBases: [] };
  const { legalBases, uri } = activityOfConsultation(policy, purpose);
  return { legalBases, processingActivity: uri };
}

function inputsOf({ messagePurpose }: EvaluationRequest, { endedPurposes, grant }: Facts): DecisionInputs {
  return {
    ...(messagePurpose ? { messagePurpose } : {}),
    ...(endedPurposes.length > 0 ? { endedPurposes } : {}),
    ...(grant.state === 'none' ? {} : { grantId: grant.grantId }),
  };
}
