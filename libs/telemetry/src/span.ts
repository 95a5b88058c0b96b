/** One step of a technical trace. Names and attributes come from closed lists: no address, no id, nothing of a person. */
export interface Span {
  /** 32 and 16 hex digits (W3C Trace Context). */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'producer';
  /** Milliseconds since 1970, with their fraction. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly failed: boolean;
}

/** SpanKind and StatusCode of opentelemetry-proto 1.x. */
const KIND = { internal: 1, server: 2, producer: 4 } as const;
const STATUS = { unset: 0, error: 2 } as const;
const NANOSECONDS = 1e6;

/** Body of `POST /v1/traces` in OTLP/JSON. @param service `service.name` of the resource */
export function spansRequest(service: string, spans: readonly Span[]): object {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  const scopeSpans = [{ scope: { name: 'ketenpoort.technical' }, spans: spans.map(otlpSpan) }];
  return { resourceSpans: [{ resource, scopeSpans }] };
}

function otlpSpan(span: Span): object {
  const { traceId, spanId, parentSpanId, name, kind, startMs, endMs, attributes, failed } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === null ? {} : { parentSpanId }),
    name,
    kind: KIND[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
    status: { code: failed ? STATUS.error : STATUS.unset },
  };
}

/** 64-bit numbers are text in OTLP/JSON; a double holds milliseconds and their fraction, not nanoseconds since 1970. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return (BigInt(whole) * BigInt(NANOSECONDS) + BigInt(Math.round((ms - whole) * NANOSECONDS))).toString();
}
