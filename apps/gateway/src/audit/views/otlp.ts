import type { DecisionEntry } from './adl.js';
import type { ProcessingSpan } from './ldv.js';

/** OTLP/JSON (opentelemetry-proto 1.x): ids in hex, enumerations as numbers, 64-bit numbers as text. */
type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly OtlpValue[] } }
  | { readonly kvlistValue: { readonly values: readonly OtlpAttribute[] } };
interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

const SCOPE = { name: 'ketenpoort.access-log' } as const;
const STATUS_CODE = { Unset: 0, Ok: 1, Error: 2 } as const;
/** SPAN_KIND_SERVER: the gateway was asked. */
const SPAN_KIND = 2;
/** INFO; a denial is no error. */
const SEVERITY_INFO = 9;
const NANOSECONDS_IN_A_MILLISECOND = '000000';

/** Body of `POST /v1/traces`: Logboek Dataverwerkingen as spans. */
export function tracesRequest(spans: readonly ProcessingSpan[]): object {
  const [first] = spans;
  if (!first) return { resourceSpans: [] };
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes(first.resource.attributes) },
        scopeSpans: [{ scope: SCOPE, spans: spans.map(otlpSpan) }],
      },
    ],
  };
}

/** Body of `POST /v1/logs`: the Authorization Decision Log as log records. */
export function logsRequest(entries: readonly DecisionEntry[]): object {
  const [first] = entries;
  if (!first) return { resourceLogs: [] };
  return {
    resourceLogs: [
      {
        resource: { attributes: attributes(first.resource.attributes) },
        scopeLogs: [{ scope: SCOPE, logRecords: entries.map(otlpLog) }],
      },
    ],
  };
}

function otlpSpan(span: ProcessingSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: SPAN_KIND,
    startTimeUnixNano: nanoseconds(span.startTime),
    endTimeUnixNano: nanoseconds(span.endTime),
    attributes: attributes(span.attributes),
    status: { code: STATUS_CODE[span.status] },
  };
}

function otlpLog(entry: DecisionEntry): object {
  return {
    timeUnixNano: nanoseconds(entry.timestamp),
    severityNumber: SEVERITY_INFO,
    eventName: entry.event_name,
    traceId: entry.trace_id,
    spanId: entry.span_id,
    attributes: attributes({
      ...entry.attributes,
      'adl.status': entry.status,
      ...(entry.parent_span_id === undefined ? {} : { 'adl.parent_span_id': entry.parent_span_id }),
    }),
    body: valueOf(entry.body),
  };
}

function attributes(values: Readonly<Record<string, string>>): OtlpAttribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

function valueOf(value: unknown): OtlpValue {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueOf) } };
  if (typeof value === 'object' && value !== null) {
    return { kvlistValue: { values: Object.entries(value).map(([key, member]) => ({ key, value: valueOf(member) })) } };
  }
  return { stringValue: String(value) };
}

function nanoseconds(milliseconds: number): string {
  return `${milliseconds}${NANOSECONDS_IN_A_MILLISECOND}`;
}
