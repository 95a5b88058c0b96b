/** Trace members of an access record from a `traceparent` (W3C Trace Context); empty when there is none. */
export function traceFields(traceparent: string | null | undefined): {
  readonly traceId?: string;
  readonly spanId?: string;
} {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? {} : { traceId, spanId };
}
