import type { Pool, PoolClient } from 'pg';
import { PURPOSES, type FieldGroup } from '#contracts/domain.js';
import type { DecisionInputs, RecordSubject } from '../../access-log/access-record.js';
import { insertRecords } from '../../access-log/insert-records.js';
import type { RecordMaker } from '../../access-log/record-maker.js';
import { traceFields } from '../../access-log/trace-fields.js';
import { localDateOf } from '../../cases/calendar.js';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import type { CaseClock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { TraceContext } from '../../trace-context.js';
import type { Peer } from '../../peers/peer.js';
import { activityOfConsultation } from '../../policy/activity-of-consultation.js';
import { decideCase } from '../../policy/decide.js';
import { endedPurposesOf } from '../../policy/purpose-ended.js';
import type { Policy } from '../../policy/policy.js';
import { project } from '../../policy/project.js';
import { isParty } from '../../policy/relation.js';
import { encryptSubject, type ContentCipher } from '../../storage/content-crypto.js';
import { subjectIndex } from '../../storage/subject-index.js';
import { inTransaction } from '../../storage/transaction.js';
import { municipalityOf } from '../municipality-of.js';
import { VIEW_RULES, type ViewName } from '../../policy/view-rules.js';
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

interface CaseRow {
  readonly snapshot: CaseSnapshot;
  readonly personId: string;
  readonly subjectIndex: Buffer | null;
  readonly wrappedCaseKey: Buffer;
  readonly keyId: string;
}

const READ = `SELECT k.snapshot, k.person_id AS "personId", p.subject_index AS "subjectIndex", k.wrapped_case_key AS "wrappedCaseKey", k.key_id AS "keyId"
  FROM lvv_case k JOIN person p ON p.id = k.person_id WHERE k.id = $1`;
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
  parts: ConsultParts,
  request: ConsultRequest,
): Promise<Consultation | GatewayError> {
  const { policy } = parts;
  const { rows } = await client.query<CaseRow>({ name: 'consult-read', text: READ, values: [request.caseId] });
  const row = rows[0];
  const refuse = async (error: GatewayError, reason: string): Promise<GatewayError> => {
    const decision = {
      outcome: 'refuse' as const,
      code: error.code,
      policyVersion: policy.version,
      ...(row ? { inputs: inputsOf(policy, row) } : {}),
      reasons: [reason],
    };
    const record = {
      kind: 'REFUSAL' as const,
      ...about(policy, request, row),
      subjects: row ? [subjectOf(parts, request.caseId, row)] : [],
      decision,
      fieldGroups: { released: [], withheld: [] },
    };
    await insertRecords(client, [parts.makeRecord(record)]);
    return error;
  };
  const related = row && isParty(row.snapshot.parties, request.peer.oin, localDateOf(parts.clock.now().toISOString()));
  if (!related)
    return refuse(
      new GatewayError('CASE_NOT_AVAILABLE', 'not available'),
      row ? 'no party of the case' : 'no such case',
    );
  if (!request.userReference) {
    return refuse(
      new GatewayError('USER_REFERENCE_REQUIRED', 'a consultation is made by a person'),
      'no user reference',
    );
  }
  const purpose = PURPOSES.find((code) => code === request.purpose);
  if (request.purpose !== undefined && !purpose)
    return refuse(new GatewayError('PURPOSE_NOT_ALLOWED', 'Purpose-Of-Use names no purpose'), 'unknown purpose');
  const rules = VIEW_RULES[request.view];
  const decision = decideCase(policy, { readerKind: request.peer.kind, purpose, rules, facts: row.snapshot });
  if (!decision.permit)
    return refuse(new GatewayError(decision.code, decision.reasons.join('; ')), decision.reasons.join('; '));
  const view = await viewOf(client, request, row.snapshot);
  const data = project(view, rules, decision.releases, { contract: null, sender: null, readerOin: request.peer.oin });
  const { released, withheld, policyVersion, reasons, role } = decision;
  const record = parts.makeRecord({
    kind: 'CONSULTATION',
    ...about(policy, request, row),
    subjects: [subjectOf(parts, request.caseId, row)],
    decision: { outcome: 'permit', policyVersion, role, inputs: inputsOf(policy, row), reasons },
    fieldGroups: { released, withheld },
  });
  await insertRecords(client, [record]);
  return {
    data,
    released,
    withheld,
    accessRecord: { id: record.id, digest: record.entryDigest.toString('base64url') },
  };
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

/** What closed in this case, so that the decision can be made again under another policy. */
function inputsOf(policy: Policy, { snapshot }: CaseRow): DecisionInputs {
  const endedPurposes = endedPurposesOf(policy, snapshot);
  return endedPurposes.length > 0 ? { endedPurposes } : {};
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

function subjectOf(parts: ConsultParts, caseId: string, row: CaseRow): RecordSubject {
  const key = parts.cipher.unwrapCaseKey({ caseId, keyId: row.keyId, wrapped: row.wrappedCaseKey });
  return {
    index: row.subjectIndex ?? subjectIndex(parts.indexKey, `person:${row.personId}`),
    id: encryptSubject(key, row.personId),
  };
}
