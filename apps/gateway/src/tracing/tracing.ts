import { randomBytes } from 'node:crypto';
import type { Span } from '#telemetry/span.js';
import { parseTraceparent, type TraceContext } from '../trace-context.js';

/** Technical steps of a request; closed, so that no name can hold a value. */
export type StepName = 'validate' | 'wait for batch' | 'transaction' | 'sign receipt';

interface Tracing {
  readonly add: (span: Span) => void;
  /** Share of the traces that are followed without the caller having asked for it, 0..1. */
  readonly sampleRatio: number;
}

interface Followed {
  readonly spanId: string;
}

const SAMPLED_FLAG = 1;
const HEX_DIGITS = 8;

let tracing: Tracing | null = null;
/** Requests that are followed. Weak: a request that is never answered leaves nothing behind. */
const followed = new WeakMap<TraceContext, Followed>();

/** Switches tracing on for this process, or off with null. Off, a step costs one comparison. */
export function traceTo(next: Tracing | null): void {
  tracing = next;
}

/** A request came in: decides whether its steps are followed. */
export function follow(trace: TraceContext): void {
  if (tracing === null || !sampled(tracing, trace.traceId, trace.traceparent)) return;
  followed.set(trace, { spanId: newSpanId() });
}

/**
 * The answer to a followed request. Its parent is the caller's own span (C28).
 * @param startMs `performance.now()` at its arrival
 */
export function answered(
  trace: TraceContext,
  startMs: number,
  request: { readonly route: string; readonly method: string; readonly status: number },
): void {
  const own = tracing === null ? undefined : followed.get(trace);
  if (!own) return;
  const { route, method, status } = request;
  tracing?.add({
    ...span(trace.traceId, own.spanId, trace.parentSpanId, startMs),
    name: `${method} ${route}`,
    kind: 'server',
    attributes: { 'http.route': route, 'http.request.method': method, 'http.response.status_code': status },
    failed: status >= 500,
  });
}

/** A step of a followed request that is over, or of nothing. Times by `performance.now()`. */
export function stepped(trace: TraceContext | undefined, name: StepName, startMs: number, endMs?: number): void {
  if (tracing === null || trace === undefined) return;
  const parent = followed.get(trace);
  if (!parent) return;
  const own = span(trace.traceId, newSpanId(), parent.spanId, startMs, endMs);
  tracing.add({ ...own, name, kind: 'internal', attributes: {}, failed: false });
}

/** A notification went to Kafka: a step of the trace that its message came with. */
export function publishedNotification(traceparent: string | null, startMs: number): void {
  if (tracing === null || traceparent === null) return;
  const caller = parseTraceparent(traceparent);
  if (!caller || !sampled(tracing, caller.traceId, traceparent)) return;
  const own = span(caller.traceId, newSpanId(), caller.spanId, startMs);
  tracing.add({ ...own, name: 'publish notification', kind: 'producer', attributes: {}, failed: false });
}

/** As the caller says; else by the trace id, so that all processes follow the same traces. */
function sampled({ sampleRatio }: Tracing, traceId: string, traceparent: string): boolean {
  if ((Number.parseInt(traceparent.slice(-2), 16) & SAMPLED_FLAG) === SAMPLED_FLAG) return true;
  return Number.parseInt(traceId.slice(-HEX_DIGITS), 16) < sampleRatio * 16 ** HEX_DIGITS;
}

function span(traceId: string, spanId: string, parentSpanId: string | null, startMs: number, endMs?: number) {
  const { timeOrigin } = performance;
  return {
    traceId,
    spanId,
    parentSpanId,
    startMs: timeOrigin + startMs,
    endMs: timeOrigin + (endMs ?? performance.now()),
  };
}

function newSpanId(): string {
  return randomBytes(8).toString('hex');
}
