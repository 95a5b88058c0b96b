import type { Contract } from '#contracts/contract.js';
import { PURPOSES, type PeerKind, type PurposeCode } from '#contracts/domain.js';
import type { PreparedRecord } from '../../access-log/access-record.js';
import { traceFields } from '../../access-log/trace-fields.js';
import { municipalityOf } from '../municipality-of.js';
import type { Recipient } from '../recipients.js';
import type { KnownMessage, Refusal, Submission } from './accept-types.js';
import type { BatchWork, CaseAtWork } from './batch-work.js';
import type { TraceContext } from '../../trace-context.js';

interface Sent {
  readonly peer: { readonly oin: string; readonly kind: PeerKind; readonly thumbprint?: string };
  readonly contract: Contract;
  readonly purpose: PurposeCode;
  readonly trace: TraceContext;
}

const noFieldGroups = { released: [], withheld: [] };

/** INV-9: who gets this message, for what, on which ground, before anything leaves. */
export function deliveryRecord(
  work: BatchWork,
  sent: Sent,
  row: CaseAtWork | null,
  messageId: string,
  recipients: readonly Recipient[],
): PreparedRecord {
  return work.record({
    kind: 'DELIVERY',
    action: 'message.accept',
    ...about(sent),
    ...(row ? { caseId: row.id, ...covenantOf(work, row), ...municipalityOf(row.snapshot.parties) } : {}),
    subjects: row ? [work.subjectOf(row)] : [],
    decision: { outcome: 'permit', reasons: recipients.map((one) => `route:${one.purpose}`).sort() },
    fieldGroups: noFieldGroups,
    recipients: recipients.map((one) => one.oin),
    messageId,
  });
}

function covenantOf(work: BatchWork, row: CaseAtWork): { readonly covenantId?: string } {
  const covenantId = work.parts.register.pilotOnDate(row.snapshot.pilot, work.today)?.covenantId;
  return covenantId ? { covenantId } : {};
}

/** The same message again: nothing changes, but a request was made. */
export function replayRecord(work: BatchWork, item: Submission, known: KnownMessage): void {
  work.record({
    kind: 'DELIVERY',
    action: 'message.replay',
    ...about(item),
    ...(known.caseId === null ? {} : { caseId: known.caseId }),
    subjects: [],
    decision: { outcome: 'permit', reasons: ['known:source-and-id'] },
    fieldGroups: noFieldGroups,
    messageId: known.messageId,
  });
}

function about(sent: Sent) {
  return {
    peer: callerOf(sent.peer),
    purpose: sent.purpose,
    legalBases: sent.contract.legalBases,
    processingActivity: sent.contract.processingActivity,
    contract: { id: sent.contract.id, version: sent.contract.version },
    ...traceFields(sent.trace),
  };
}

/** G2: a refusal is one record, with the true reason also where the caller was told that nothing is there. */
export function refusalRecord(work: BatchWork, refusal: Refusal): PreparedRecord {
  // Only a case that the batch has read under lock anyway: a stranger's refusal must not lock someone's case.
  const row = work.caseAtWork(refusal.caseId);
  const purpose = PURPOSES.find((code) => code === refusal.purpose);
  return work.record({
    kind: 'REFUSAL',
    action: refusal.action,
    peer: callerOf(refusal.peer),
    ...(refusal.userReference === null ? {} : { userReference: refusal.userReference }),
    ...(purpose ? { purpose } : {}),
    legalBases: refusal.contract?.legalBases ?? [],
    ...(refusal.contract ? { processingActivity: refusal.contract.processingActivity } : {}),
    ...(refusal.contract ? { contract: { id: refusal.contract.id, version: refusal.contract.version } } : {}),
    ...(refusal.caseId === null ? {} : { caseId: refusal.caseId }),
    ...(refusal.messageId === null ? {} : { messageId: refusal.messageId }),
    ...(row ? municipalityOf(row.snapshot.parties) : {}),
    subjects: row ? [work.subjectOf(row)] : [],
    decision: {
      outcome: 'refuse',
      code: refusal.code,
      // Rule and place, never the value: issues carry neither values nor unknown names.
      reasons: [refusal.reason, ...refusal.issues.map((issue) => `${issue.rule} ${issue.pointer}`)].slice(0, 20),
    },
    fieldGroups: noFieldGroups,
    ...traceFields(refusal.trace),
  });
}

/** Of a peer only what identifies it; what is not known is absent and not empty. */
function callerOf({ oin, kind, thumbprint }: Refusal['peer']): Refusal['peer'] {
  return { ...(oin ? { oin } : {}), ...(kind ? { kind } : {}), ...(thumbprint ? { thumbprint } : {}) };
}
