import type { PoolClient } from 'pg';
import type { FieldGroup } from '#contracts/domain.js';
import type { AccessRecordInput } from '../access-log/access-record.js';
import { insertRecords } from '../access-log/insert-records.js';
import { traceFields } from '../access-log/trace-fields.js';
import { GatewayError } from '../errors.js';
import { inHotTransaction, inTransaction, type Writer } from '../storage/transaction.js';
import { activityOfConsultation } from '../policy/activity-of-consultation.js';
import type { Policy } from '../policy/policy.js';
import type { TraceContext } from '../trace-context.js';
import type { AuditParts } from './audit-parts.js';
import type { Caller } from './caller.js';

/** SQLSTATE of a statement that took longer than its limit. */
const QUERY_CANCELED = '57014';
/** Reasons and broken rules that one record names. */
const MAX_REASONS = 20;

/** Where questions are looked up and recorded. */
type Recorder = Pick<AuditParts, 'pool' | 'makeRecord'>;

/** Who asks what, before anything is looked up. */
export interface Inquiry {
  readonly caller: Caller;
  readonly kind: 'CONSULTATION' | 'ADMIN';
  /** `log.search`, `log.read`, `log.proof`, `grant.request` and so on. */
  readonly action: string;
  readonly trace: TraceContext;
  /** The version in force. */
  readonly policy: Policy;
}

/** What the record of a question says besides who asked it. */
export interface Noted extends Partial<
  Pick<
    AccessRecordInput,
    'caseId' | 'messageId' | 'municipality' | 'recipients' | 'subjects' | 'details' | 'processingActivity'
  >
> {
  readonly reasons: readonly string[];
  readonly released?: readonly FieldGroup[];
  /** National view under which the answer was given. */
  readonly grantId?: string;
}

export type Looked<Answer> =
  | {
      readonly ok: true;
      readonly answer: Answer;
      readonly noted: Noted;
      /** Nothing was learned that the asker does not hold, or anyone may read: a record of it would only swell the log. */
      readonly unrecorded?: true;
      /** Rows that name the record of this question; written with it. */
      readonly write?: (recordId: string) => Promise<unknown>;
    }
  | { readonly ok: false; readonly error: GatewayError; readonly noted?: Noted; readonly unrecorded?: true };

export interface Recorded<Answer> {
  readonly answer: Answer;
  /** Record of the question itself; null when it left none. */
  readonly recordId: string | null;
}

/**
 * One question about the log: look, record the question, commit; only then the answer or the refusal leaves (G1, G2).
 * Throws the GatewayError of a refusal; SEARCH_TOO_BROAD when the database needs longer than its limit.
 */
export async function lookUp<Answer>(
  recorder: Recorder,
  inquiry: Inquiry,
  look: (client: PoolClient) => Promise<Looked<Answer>>,
  transaction: typeof inTransaction = inTransaction,
): Promise<Recorded<Answer>> {
  const settled = await transaction(recorder.pool, (client, writer) =>
    lookAndRecord(client, writer, recorder, inquiry, look),
  ).catch((error: unknown) => {
    if ((error as { code?: unknown } | null)?.code !== QUERY_CANCELED) throw error;
    return refused(recorder, inquiry, new GatewayError('SEARCH_TOO_BROAD', 'the question takes longer than the limit'));
  });
  if (!settled.looked.ok) throw settled.looked.error;
  return { answer: settled.looked.answer, recordId: settled.recordId };
}

/**
 * The same for a question about one record: each of its statements finds a row or a few by their keys, whoever asks, so
 * the plan is kept. Making it took longer than the answer.
 */
export function lookUpOne<Answer>(
  recorder: Recorder,
  inquiry: Inquiry,
  look: (client: PoolClient) => Promise<Looked<Answer>>,
): Promise<Recorded<Answer>> {
  return lookUp(recorder, inquiry, look, inHotTransaction);
}

/** What can be said of a question without the database; a refusal is recorded before it is thrown. */
export async function checked<Result>(recorder: Recorder, inquiry: Inquiry, check: () => Result): Promise<Result> {
  try {
    return check();
  } catch (error) {
    // A wrong content type is answered before anything is decided: it is no evidence about anyone.
    if (error instanceof GatewayError && error.code !== 'UNSUPPORTED_MEDIA_TYPE')
      await refused(recorder, inquiry, error);
    throw error;
  }
}

interface Settled<Answer> {
  readonly looked: Looked<Answer>;
  readonly recordId: string | null;
}

async function refused(recorder: Recorder, inquiry: Inquiry, error: GatewayError): Promise<Settled<never>> {
  return await inTransaction(recorder.pool, (client, writer) =>
    lookAndRecord(client, writer, recorder, inquiry, () => Promise.resolve({ ok: false, error })),
  );
}

async function lookAndRecord<Answer>(
  client: PoolClient,
  writer: Writer,
  { makeRecord }: Recorder,
  inquiry: Inquiry,
  look: (client: PoolClient) => Promise<Looked<Answer>>,
): Promise<Settled<Answer>> {
  const looked = await look(client);
  if (looked.unrecorded) return { looked, recordId: null };
  const record = makeRecord(recordOf(inquiry, looked));
  await insertRecords(writer, [record]);
  if (looked.ok) await looked.write?.(record.id);
  return { looked, recordId: record.id };
}

function recordOf<Answer>(inquiry: Inquiry, looked: Looked<Answer>): AccessRecordInput {
  const { caller, kind, action, trace, policy } = inquiry;
  const activity = activityOfConsultation(policy, 'P13');
  const { reasons = [], released = [], grantId, subjects = [], ...about } = looked.noted ?? {};
  const error = looked.ok ? null : looked.error;
  const broken = (error?.extra.issues ?? []).map((issue) => `${issue.rule} ${issue.pointer}`);
  return {
    kind: error ? 'REFUSAL' : kind,
    action,
    peer: caller,
    purpose: 'P13',
    legalBases: activity.legalBases,
    processingActivity: activity.uri,
    ...about,
    subjects,
    decision: {
      outcome: error ? 'refuse' : 'permit',
      ...(error ? { code: error.code } : {}),
      policyVersion: policy.version,
      ...(caller.officer === 'FG' ? { role: 'FG' as const } : {}),
      ...(grantId === undefined ? {} : { inputs: { grantId } }),
      reasons: [...(error ? [error.reason, ...broken] : []), ...reasons].slice(0, MAX_REASONS),
    },
    fieldGroups: { released: error ? [] : released, withheld: [] },
    ...traceFields(trace),
  };
}
