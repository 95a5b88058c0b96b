import { OtlpReceiver } from '#telemetry/otlp-receiver.js';
import { SpanExport } from '#telemetry/span-export.js';
import type { Closing } from './closing.js';
import type { GatewayConfig } from './config.js';
import { spansDropped } from './metrics/gateway-metrics.js';
import { traceTo } from './tracing/tracing.js';

/** Follows requests where a receiver is configured. @returns sends what waits and switches it off */
export function startTracing({ traces }: GatewayConfig): Closing {
  if (traces === null) return () => undefined;
  const onDropped = (spans: number): void => spansDropped.add(undefined, spans);
  const spans = new SpanExport({ service: 'ketenpoort-gateway', receiver: new OtlpReceiver(traces), onDropped });
  traceTo({ add: (span) => spans.add(span), sampleRatio: traces.sampleRatio });
  return async () => {
    traceTo(null);
    await spans.close();
  };
}
