import { pooledRandomBytes } from './storage/random.js';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);

/** The flags are passed on as they came and never decide whether something is recorded (standards 1.6: no sampling). */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  /** What this gateway passes on: the caller's trace, its own span, the caller's flags. */
  readonly traceparent: string;
}

/** Trace and span that a `traceparent` names; null when it names none. */
export function parseTraceparent(
  header: string | undefined,
): { traceId: string; spanId: string; flags: string } | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header ?? '') ?? [];
  if (!traceId || !spanId || !flags || traceId === ZERO_TRACE || spanId === ZERO_SPAN) return null;
  return { traceId, spanId, flags };
}

/** W3C Trace Context: keeps the caller's trace id, makes an own span; a missing or broken header starts a new trace. */
export function traceOf(header: string | undefined): TraceContext {
  const caller = parseTraceparent(header);
  const traceId = caller?.traceId ?? pooledRandomBytes(16).toString('hex');
  const spanId = pooledRandomBytes(8).toString('hex');
  const flags = caller?.flags ?? '00';
  const parentSpanId = caller?.spanId ?? null;
  return { traceId, spanId, parentSpanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** A span of its own under `trace`: each record of one request is an action by itself (standards 1.6). */
export function childOf(trace: TraceContext): TraceContext {
  const spanId = pooledRandomBytes(8).toString('hex');
  const flags = trace.traceparent.slice(-2);
  return {
    traceId: trace.traceId,
    spanId,
    parentSpanId: trace.spanId,
    traceparent: `00-${trace.traceId}-${spanId}-${flags}`,
  };
}
