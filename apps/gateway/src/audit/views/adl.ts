import type { PlainRecord } from '../search/plain-record.js';
import { RESOURCE } from './ldv.js';

/** One decision as the Authorization Decision Log has it (1.0 draft; standards 1.7). */
export interface DecisionEntry {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id?: string;
  readonly event_name: 'adl.access_evaluation' | 'adl.search_resource';
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly status: 'Unset' | 'Ok' | 'Error';
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource: typeof RESOURCE;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Records of what was done and not decided: nothing was asked of the policy there. */
const NO_DECISION: readonly string[] = ['connection.open'];
const SEARCHES: readonly string[] = ['cases.search', 'log.search'];

/**
 * The decision that a record holds: exactly one, permit or deny (C30), or null where none was made. A denial is an answer
 * of the decision point and so `Ok`. `adl.fsc.transaction_id` never appears: no request comes through an FSC inway.
 */
export function decisionEntry(record: PlainRecord): DecisionEntry | null {
  const { traceId, spanId, parentSpanId, decision, subjects } = record;
  if (NO_DECISION.includes(record.action) || record.kind === 'ERASURE') return null;
  if (traceId === undefined || spanId === undefined) return null;
  const [subject] = subjects;
  return {
    trace_id: traceId,
    span_id: spanId,
    ...(parentSpanId === undefined ? {} : { parent_span_id: parentSpanId }),
    event_name: SEARCHES.includes(record.action) ? 'adl.search_resource' : 'adl.access_evaluation',
    timestamp: Date.parse(record.at),
    status: decision.code === 'INTERNAL' ? 'Error' : 'Ok',
    attributes: {
      'ketenpoort.access_record': record.id,
      ...(subject === undefined ? {} : { 'dpl.core.data_subject_id': subject.id }),
    },
    resource: RESOURCE,
    body: {
      'adl.core.request': requestOf(record),
      'adl.core.response': {
        decision: decision.outcome === 'permit',
        context: {
          ...(decision.code === undefined ? {} : { code: decision.code }),
          reasons: decision.reasons,
          fieldGroups: record.fieldGroups,
        },
      },
      ...(decision.policyVersion === undefined
        ? {}
        : { 'adl.core.policies': [{ id: 'ketenpoort', version: decision.policyVersion }] }),
      ...(decision.inputs === undefined ? {} : { 'adl.core.information': decision.inputs }),
    },
  };
}

/** The request in the words of AuthZEN: who, what, on what, for which purpose. */
function requestOf(record: PlainRecord): Record<string, unknown> {
  const { peer, purpose, processingActivity, contract, messageId, caseId } = record;
  const resource =
    messageId !== undefined
      ? { type: 'message', id: messageId }
      : caseId !== undefined
        ? { type: 'case', id: caseId }
        : null;
  return {
    subject: { type: 'organisation', ...(peer?.oin === undefined ? {} : { id: peer.oin }) },
    action: {
      name: record.action,
      properties: {
        ...(purpose === undefined ? {} : { purpose }),
        ...(processingActivity === undefined ? {} : { processing_activity_id: processingActivity }),
        ...(record.decision.role === undefined ? {} : { role: record.decision.role }),
      },
    },
    resource: resource ?? { type: contract?.id ?? record.action },
  };
}
