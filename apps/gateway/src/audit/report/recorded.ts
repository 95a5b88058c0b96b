import type { Pool, PoolClient } from 'pg';
import { contractById } from '#contracts/catalogue.js';
import type { AccessRecordInput } from '../../access-log/access-record.js';
import { insertRecords } from '../../access-log/insert-records.js';
import type { RecordMaker } from '../../access-log/record-maker.js';
import { traceFields } from '../../access-log/trace-fields.js';
import { GatewayError } from '../../errors.js';
import type { Policy } from '../../policy/policy.js';
import { inTransaction } from '../../storage/transaction.js';
import type { TraceContext } from '../../trace-context.js';
import { assertPrivacyOfficer, type Caller } from '../caller.js';

const FAMILY = 'data-subject-report';
/** What changes a report is an act of administration; what only shows it is a consultation. */
const CHANGES = ['create', 'extend', 'release', 'refuse'] as const;
export type ReportAct = (typeof CHANGES)[number] | 'list' | 'read' | 'read-part' | 'download';

export interface ReportCall {
  readonly caller: Caller;
  readonly act: ReportAct;
  readonly trace: TraceContext;
  readonly policy: Policy;
}

/**
 * Whom and what the record is about. Never how many parts there are, nor whose: officers of other organisations may find
 * this record. That the police has a part may show to the police alone, so its acts name no municipality, and are of an
 * activity that a national view does not show.
 */
export type About = Partial<Pick<AccessRecordInput, 'caseId' | 'messageId' | 'municipality' | 'subjects' | 'details'>>;

export interface Done<Answer> {
  readonly answer: Answer;
  readonly about: About;
}

interface Recorder {
  readonly pool: Pool;
  readonly makeRecord: RecordMaker;
}

/** An answer, and the record of the call that gave it. */
export interface Recorded<Answer> {
  readonly answer: Answer;
  readonly accessRecord: { readonly id: string; readonly digest: string };
}

/** A refusal that knows whom it was about. */
export class RefusedAbout extends Error {
  constructor(
    readonly refusal: GatewayError,
    readonly about: About,
  ) {
    super(refusal.message);
  }
}

/**
 * Does one thing with a report, records it in the same commit, and then answers (G1). A refusal undoes what was begun, is
 * recorded by itself and thrown (G2).
 */
export async function recorded<Answer>(
  { pool, makeRecord }: Recorder,
  call: ReportCall,
  act: (client: PoolClient) => Promise<Done<Answer>>,
): Promise<Recorded<Answer>> {
  try {
    assertAllowed(call);
    return await inTransaction(pool, async (client) => {
      const { answer, about } = await act(client);
      const record = makeRecord(recordOf(call, about, null));
      await insertRecords(client, [record]);
      return { answer, accessRecord: { id: record.id, digest: record.entryDigest.toString('base64url') } };
    });
  } catch (error) {
    const refusal = error instanceof RefusedAbout ? error.refusal : error;
    if (!(refusal instanceof GatewayError)) throw error;
    const about = error instanceof RefusedAbout ? error.about : {};
    await inTransaction(pool, (client) => insertRecords(client, [makeRecord(recordOf(call, about, refusal))]));
    throw refusal;
  }
}

/** Only a privacy officer, and only while the release table gives that role the log for P12 (G5). */
function assertAllowed({ caller, policy }: ReportCall): void {
  assertPrivacyOfficer(caller);
  if (groupsOf(policy).includes('FG31')) return;
  throw new GatewayError('PURPOSE_NOT_ALLOWED', 'the policy gives a privacy officer no disclosure log for P12');
}

function recordOf(call: ReportCall, about: About, refusal: GatewayError | null): AccessRecordInput {
  const { caller, act, trace, policy } = call;
  const { legalBases } = contractById('M37');
  const kind = (CHANGES as readonly string[]).includes(act) ? 'ADMIN' : 'CONSULTATION';
  return {
    kind: refusal ? 'REFUSAL' : kind,
    action: `${FAMILY}.${act}`,
    peer: caller,
    purpose: 'P12',
    legalBases,
    processingActivity: activityOf(caller),
    ...about,
    subjects: about.subjects ?? [],
    decision: {
      outcome: refusal ? 'refuse' : 'permit',
      ...(refusal ? { code: refusal.code } : {}),
      policyVersion: policy.version,
      ...(caller.officer === 'FG' ? { role: 'FG' as const } : {}),
      reasons: refusal ? [refusal.reason] : [],
    },
    fieldGroups: { released: refusal ? [] : groupsOf(policy), withheld: [] },
    ...traceFields(trace),
  };
}

/**
 * Answering requests is everyone's activity. What the police does for it stands under its own, which is confidential: a
 * national view would show that it works on this request, so that it has a part.
 */
function activityOf({ kind }: Caller): string {
  return contractById(kind === 'AVIM' ? 'M10' : 'M37').processingActivity;
}

function groupsOf(policy: Policy) {
  return (policy.releases['P12;FG'] ?? []).map((release) => release.group);
}
