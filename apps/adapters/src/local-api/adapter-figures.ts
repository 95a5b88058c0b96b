import { prometheusText } from '#telemetry/prometheus-text.js';
import type { Family } from '#telemetry/snapshot.js';

/** How an adapter stands, as `/status` shows it. Counts and states only. */
export interface AdapterStatus {
  readonly name: string;
  readonly oin: string;
  readonly transport: { readonly kind: string; readonly connected: boolean };
  readonly gatewayReachable: boolean;
  readonly systemAvailable: boolean;
  readonly takenSinceStart: number;
  readonly casesAtWork: number;
  readonly parkedCases: number;
  readonly unrecordedAcknowledgements: number;
  /** Null: no log is configured. */
  readonly log: { readonly alarms?: unknown } | null;
}

/** The same in Prometheus text, under the name of the adapter. */
export function adapterFigures(status: AdapterStatus): string {
  const labels = { adapter: status.name };
  const family = (
    name: string,
    help: string,
    value: number | boolean,
    type: 'gauge' | 'counter' = 'gauge',
  ): Family => ({
    name: `ketenpoort_adapter_${name}`,
    help,
    type,
    scope: 'process',
    samples: [{ suffix: '', labels, value: Number(value) }],
  });
  return prometheusText([
    family('connected', '1 when the transport hears of new messages.', status.transport.connected),
    family('gateway_reachable', '1 when the last call reached the gateway.', status.gatewayReachable),
    family('system_available', '1 when the own system takes messages.', status.systemAvailable),
    family('taken_total', 'Messages that the own system took since the start.', status.takenSinceStart, 'counter'),
    family('cases_at_work', 'Cases with a message under way.', status.casesAtWork),
    family('parked_cases', 'Cases that wait because the own system refuses a message.', status.parkedCases),
    family(
      'unrecorded_acks',
      'Messages taken that the gateway does not know of yet.',
      status.unrecordedAcknowledgements,
    ),
    family('watches_log', '1 when this adapter checks that its records are in the log.', status.log !== null),
    family('log_alarms', 'What speaks against the log of the gateway.', Number(status.log?.alarms ?? 0)),
    family('resident_memory_bytes', 'Memory of the process, RSS.', process.memoryUsage().rss),
  ]);
}
