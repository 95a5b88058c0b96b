import { PURPOSES } from '#contracts/domain.js';
import type { AccessRecordInput, RecordSubject } from '../../access-log/access-record.js';
import { traceFields } from '../../access-log/trace-fields.js';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import type { GatewayError } from '../../errors.js';
import type { Peer } from '../../peers/peer.js';
import { activityOfConsultation } from '../../policy/activity-of-consultation.js';
import type { Policy } from '../../policy/policy.js';
import type { TraceContext } from '../../trace-context.js';
import { subjectOfCase, type CaseRow, type SubjectKeys } from '../case-row.js';
import { municipalityOf } from '../municipality-of.js';
import type { Permitted } from './search-decision.js';

export interface SearchRequest {
  readonly peer: Peer;
  readonly by: { readonly vNumber: string } | { readonly caseNumber: string };
  readonly purpose: string | undefined;
  readonly userReference: string | undefined;
  readonly trace: TraceContext;
}

/** What a search came to. */
export interface Searched {
  readonly request: SearchRequest;
  /** Keyed index of the V-number that was asked for; null for a case number. */
  readonly index: Buffer | null;
  readonly decided: Permitted | GatewayError;
  /** Cases with this number of which the caller is a party, newest first: all of one person. */
  readonly own: readonly CaseRow[];
  /** Those of them that the answer shows: the purpose has not ended there. */
  readonly open: readonly CaseRow[];
}

/**
 * The one record of a search: whom it was about, and whether anything was given at all. A case that was not shown since
 * the purpose has ended there was looked for all the same.
 */
export function searchRecord(parts: SubjectKeys & { readonly policy: Policy }, searched: Searched): AccessRecordInput {
  const { request, decided, own } = searched;
  return {
    kind: 'permit' in decided ? 'CONSULTATION' : 'REFUSAL',
    ...askedBy(parts.policy, request),
    ...concernedBySearch(own.map(({ snapshot }) => snapshot)),
    subjects: subjectsOf(parts, searched),
    ...('permit' in decided ? permitted(decided, searched) : refused(decided, parts.policy)),
  };
}

type Outcome = Pick<AccessRecordInput, 'decision' | 'fieldGroups'>;

function permitted({ policyVersion, role, purpose, released }: Permitted, { own, open }: Searched): Outcome {
  const ended = own.length - open.length;
  return {
    decision: {
      outcome: 'permit',
      policyVersion,
      role,
      ...(ended > 0 ? { inputs: { endedPurposes: [purpose] } } : {}),
      reasons: [`found:${open.length}`, ...(ended > 0 ? [`ended:${ended}`] : [])],
    },
    // An empty list gives nothing of anybody: the resident's report must not say that it did.
    fieldGroups: { released: open.length > 0 ? released : [], withheld: [] },
  };
}

function refused({ code, detail }: GatewayError, { version }: Policy): Outcome {
  return {
    decision: { outcome: 'refuse', code, policyVersion: version, reasons: [detail] },
    fieldGroups: { released: [], withheld: [] },
  };
}

/**
 * The case and the municipality that a search concerns besides the asker. It stays one record when it is about cases of
 * one person in several municipalities: each of them has to see it, so those after the first are named as recipients.
 */
export function concernedBySearch(
  cases: readonly Pick<CaseSnapshot, 'id' | 'parties'>[],
): Pick<AccessRecordInput, 'caseId' | 'municipality' | 'recipients'> {
  const [one, ...more] = cases;
  const named = cases.flatMap(({ parties }) => municipalityOf(parties).municipality ?? []);
  const [municipality, ...others] = new Set(named);
  return {
    ...(one && more.length === 0 ? { caseId: one.id } : {}),
    ...(municipality === undefined ? {} : { municipality }),
    ...(others.length > 0 ? { recipients: others } : {}),
  };
}

/**
 * Who was looked for stands in the index beside the record, never in its bytes. "None found" counts for a V-number. For
 * the case number of another it does not: work that is done only for a case that exists would show in the time.
 */
function subjectsOf(keys: SubjectKeys, { index, own }: Searched): readonly RecordSubject[] {
  const [newest] = own;
  if (newest) return [subjectOfCase(keys, newest)];
  return index ? [{ index, id: 'search' }] : [];
}

function askedBy(policy: Policy, request: SearchRequest) {
  const purpose = PURPOSES.find((code) => code === request.purpose);
  const activity = purpose && activityOfConsultation(policy, purpose);
  const { oin, kind, thumbprint } = request.peer;
  return {
    action: 'cases.search',
    peer: { oin, kind, thumbprint },
    ...(request.userReference ? { userReference: request.userReference } : {}),
    ...(purpose ? { purpose } : {}),
    legalBases: activity?.legalBases ?? [],
    ...(activity ? { processingActivity: activity.uri } : {}),
    ...traceFields(request.trace),
  };
}
