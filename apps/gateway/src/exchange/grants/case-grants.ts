import type { Pool, PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { AccessRecordInput, PreparedRecord } from '../../access-log/access-record.js';
import { insertRecords } from '../../access-log/insert-records.js';
import type { RecordMaker } from '../../access-log/record-maker.js';
import { traceFields } from '../../access-log/trace-fields.js';
import type { CaseClock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { Peer } from '../../peers/peer.js';
import { activityOfConsultation } from '../../policy/activity-of-consultation.js';
import type { CaseGrantKind } from '../../policy/grant.js';
import type { Policy } from '../../policy/policy.js';
import { inTransaction } from '../../storage/transaction.js';
import type { TraceContext } from '../../trace-context.js';
import { readCaseRow, subjectOfCase, type CaseRow, type SubjectKeys } from '../case-row.js';
import { municipalityOf } from '../municipality-of.js';
import { endGrant, insertGrant, lockGrant } from './grant-rows.js';
import { callerRefusal, grantRefusal, purposeOfGrant } from './grant-rules.js';

interface Asked {
  readonly peer: Peer;
  readonly caseId: string;
  readonly userReference: string | undefined;
  readonly trace: TraceContext;
}

export interface GiveGrantRequest extends Asked {
  readonly kind: CaseGrantKind;
  /** OIN of the member's organisation. */
  readonly member: string;
  /** That organisation's own pseudonym of the person. */
  readonly person: string;
  /** RFC 3339. */
  readonly validUntil: string;
  /** Reference of the decision to ask for advice. */
  readonly basis: string;
}

export const GRANT_END_REASONS = ['ADVICE_GIVEN', 'OUTCOME_GIVEN', 'WITHDRAWN'] as const;

export interface EndGrantRequest extends Asked {
  readonly grantId: string;
  readonly reason: (typeof GRANT_END_REASONS)[number];
}

export interface GrantAnswer {
  readonly grantId: string;
  readonly kind: CaseGrantKind;
  readonly member: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly endedAt?: string;
  readonly accessRecord: { readonly id: string; readonly digest: string };
}

export interface GrantParts extends SubjectKeys {
  readonly policy: Policy;
  readonly makeRecord: RecordMaker;
  readonly clock: CaseClock;
}

/** Gives one person of a party time-boxed access to a case; the grant and its record commit together. */
export function giveCaseGrant(pool: Pool, parts: GrantParts, request: GiveGrantRequest): Promise<GrantAnswer> {
  return changing(pool, parts, request, 'grant.give', (client, row, now) => {
    const { kind, member, person, basis, caseId } = request;
    const validUntil = new Date(request.validUntil);
    const refused = grantRefusal(parts.policy, row.snapshot, { kind, member, validUntil }, now);
    if (refused) return refused;
    const grant = { id: uuidv7(), kind, caseId, member, person, validFrom: now, validUntil, basis };
    const term = { validFrom: now.toISOString(), validUntil: validUntil.toISOString() };
    const details = { grantId: grant.id, grantKind: kind, userReference: person, basis, ...term };
    return {
      record: { ...groundsOf(parts.policy, kind), recipients: [member], details },
      write: (recordId) => insertGrant(client, { ...grant, recordId }),
      answer: { grantId: grant.id, kind, member, ...term },
    };
  });
}

/** The advice is there, or access is taken back: from now on the person is refused. Ending twice changes nothing. */
export function endCaseGrant(pool: Pool, parts: GrantParts, request: EndGrantRequest): Promise<GrantAnswer> {
  return changing(pool, parts, request, 'grant.end', async (client, _row, now) => {
    const { caseId, grantId, reason } = request;
    const grant = await lockGrant(client, caseId, grantId);
    if (!grant) {
      return new GatewayError('CASE_NOT_AVAILABLE', 'not available', { reason: 'no such grant in this case' });
    }
    const { kind, member, validFrom, validUntil } = grant;
    const endedAt = grant.endedAt ?? now;
    const term = { validFrom: validFrom.toISOString(), validUntil: validUntil.toISOString() };
    const details = { grantId, grantKind: kind, reason, endedAt: endedAt.toISOString() };
    return {
      record: { ...groundsOf(parts.policy, kind), recipients: [member], details },
      write: () => endGrant(client, grantId, endedAt),
      answer: { grantId, kind, member, ...term, endedAt: endedAt.toISOString() },
    };
  });
}

function groundsOf(policy: Policy, grantKind: CaseGrantKind) {
  const purpose = purposeOfGrant(grantKind);
  const { legalBases, uri } = activityOfConsultation(policy, purpose);
  return { purpose, legalBases, processingActivity: uri };
}

interface Change {
  readonly record: Pick<AccessRecordInput, 'purpose' | 'legalBases' | 'processingActivity' | 'recipients' | 'details'>;
  readonly write: (recordId: string) => Promise<void>;
  readonly answer: Omit<GrantAnswer, 'accessRecord'>;
}

/** What both have in common: relation, then the change or the refusal, its record, commit. */
async function changing(
  pool: Pool,
  parts: GrantParts,
  asked: Asked,
  action: string,
  decide: (client: PoolClient, row: CaseRow, now: Date) => Promise<Change | GatewayError> | Change | GatewayError,
): Promise<GrantAnswer> {
  const settled = await inTransaction(pool, async (client) => {
    const now = parts.clock.now();
    const row = await readCaseRow(client, asked.caseId);
    const unrelated = row
      ? callerRefusal(row.snapshot, asked.peer.oin, now)
      : new GatewayError('CASE_NOT_AVAILABLE', 'not available', { reason: 'no such case' });
    const change = unrelated ?? (await decide(client, row as CaseRow, now));
    const record = recorded(parts, asked, action, row, change);
    await insertRecords(client, [record]);
    if (change instanceof GatewayError) return change;
    await change.write(record.id);
    const accessRecord = { id: record.id, digest: record.entryDigest.toString('base64url') };
    return { ...change.answer, accessRecord };
  });
  if (settled instanceof GatewayError) throw settled;
  return settled;
}

function recorded(
  parts: GrantParts,
  { peer, caseId, userReference, trace }: Asked,
  action: string,
  row: CaseRow | undefined,
  change: Change | GatewayError,
): PreparedRecord {
  const { oin, kind, thumbprint } = peer;
  const refused = change instanceof GatewayError ? change : null;
  const input: AccessRecordInput = {
    kind: refused ? 'REFUSAL' : 'ADMIN',
    action,
    peer: { oin, kind, thumbprint },
    ...(userReference ? { userReference } : {}),
    legalBases: [],
    caseId,
    ...(row ? municipalityOf(row.snapshot.parties) : {}),
    subjects: row ? [subjectOfCase(parts, row)] : [],
    decision: refused
      ? { outcome: 'refuse', code: refused.code, reasons: [refused.reason] }
      : { outcome: 'permit', reasons: ['the municipality of the case'] },
    fieldGroups: { released: [], withheld: [] },
    ...(change instanceof GatewayError ? {} : change.record),
    ...traceFields(trace),
  };
  return parts.makeRecord(input);
}
