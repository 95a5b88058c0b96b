import { createHash } from 'node:crypto';
import type { PlainRecord } from '../search/plain-record.js';

/**
 * One action on one person as Logboek Dataverwerkingen has it (0.8.0, Interface; standards 1.6). Times are milliseconds
 * since 1970; ids are lower-case hex of 16 and 8 bytes.
 */
export interface ProcessingSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: 'Unset' | 'Ok' | 'Error';
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly resource: { readonly attributes: Readonly<Record<string, string>> };
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the id of a data subject is: the code that the access record holds, sealed under the key of the case. */
export const SUBJECT_ID_TYPE = 'https://ketenpoort.example/begrippen/betrokkene-code';
export const RESOURCE = { attributes: { 'service.name': 'ketenpoort' } } as const;
/** Codes of our own faults. What a caller did wrong, or may not, is an outcome and no error (C29). */
const TECHNICAL: readonly string[] = ['INTERNAL', 'LOG_UNAVAILABLE', 'OVERLOADED'];
const SPAN_ID_HEX = 16;

/**
 * The processing of persons in one access record: nothing when it concerns nobody, one span for one data subject, and for
 * several a span with a child for each (C27). Never a trace of an employee: neither the user reference nor the
 * certificate, which for an officer is a person's (standards 1.6).
 */
export function processingSpans(record: PlainRecord): readonly ProcessingSpan[] {
  const { processingActivity, subjects, traceId, spanId } = record;
  if (processingActivity === undefined && subjects.length === 0) return [];
  const at = Date.parse(record.at);
  const span = {
    traceId: traceId ?? derivedId(`${record.id}|trace`, 2 * SPAN_ID_HEX),
    spanId: spanId ?? derivedId(`${record.id}|span`, SPAN_ID_HEX),
    ...(record.parentSpanId === undefined ? {} : { parentSpanId: record.parentSpanId }),
    status: statusOf(record),
    name: record.action,
    startTime: at,
    endTime: at,
    resource: RESOURCE,
    attributes: attributesOf(record),
  };
  const [first, ...others] = subjects;
  if (first === undefined) return [span];
  if (others.length === 0) return [{ ...span, attributes: { ...span.attributes, ...subjectAttributes(first.id) } }];
  const children = subjects.map(({ id }, index) => ({
    ...span,
    // Derived, so that the same record exported twice gives the same spans.
    spanId: derivedId(`${record.id}|${index}`, SPAN_ID_HEX),
    parentSpanId: span.spanId,
    attributes: { ...span.attributes, ...subjectAttributes(id) },
  }));
  return [span, ...children];
}

function statusOf({ decision }: PlainRecord): ProcessingSpan['status'] {
  if (decision.outcome === 'permit') return 'Ok';
  return TECHNICAL.includes(decision.code ?? '') ? 'Error' : 'Unset';
}

/** Detail level 2: the activity in the register, and which kinds of data; never a value. */
function attributesOf(record: PlainRecord): Record<string, string> {
  const { processingActivity, peer, fieldGroups } = record;
  return {
    ...(processingActivity === undefined ? {} : { 'dpl.core.processing_activity_id': processingActivity }),
    ...(peer?.oin === undefined ? {} : { 'dpl.core.foreign_operation.processor': processorOf(peer.oin) }),
    'ketenpoort.access_record': record.id,
    ...(fieldGroups.released.length === 0 ? {} : { 'ketenpoort.field_groups': fieldGroups.released.join(',') }),
  };
}

/** The standard asks for an address and does not say which: the OIN as the field writes it. */
function processorOf(oin: string): string {
  return `urn:nld:oin:${oin}`;
}

function subjectAttributes(id: string): Record<string, string> {
  return { 'dpl.core.data_subject_id': id, 'dpl.core.data_subject_id_type': SUBJECT_ID_TYPE };
}

/** For records without a trace, such as failed handshakes, and for children. Never all zeros, which OTLP refuses. */
function derivedId(text: string, hexDigits: number): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, hexDigits);
}
