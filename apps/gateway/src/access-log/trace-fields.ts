import type { TraceContext } from '../trace-context.js';

/** Trace members of an access record (W3C Trace Context): the caller's trace, our span, and the caller's span above it. */
export function traceFields(trace: TraceContext): {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
} {
  const { traceId, spanId, parentSpanId } = trace;
  return { traceId, spanId, ...(parentSpanId === null ? {} : { parentSpanId }) };
}
