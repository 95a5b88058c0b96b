import type { Gauge } from '#telemetry/metric.js';
import type { Scope } from '#telemetry/snapshot.js';
import { METRICS } from './gateway-metrics.js';

/** Figures without labels, by their name without `ketenpoort_`; set when somebody asks for them. */
const FIGURES = {
  queue_depth: ['process', 'Requests that wait for a transaction.'],
  queue_limit: ['process', 'Requests that may wait in one queue; beyond it callers get 503.'],
  database_connections: ['process', 'Open connections of the pool.'],
  database_connections_idle: ['process', 'Open connections that nobody uses.'],
  database_connections_limit: ['process', 'Connections that the pool may open.'],
  database_waiting: ['process', 'Work that waits for a connection of the pool.'],
  relay_on: ['shared', '1 when notifications go to Kafka, 0 when recipients read their inbox alone.'],
  deliveries_outstanding: ['shared', 'Deliveries that their recipient has not taken yet.'],
  deliveries_parked: ['shared', 'Deliveries that a system refused; their case waits.'],
  deliveries_dead: ['shared', 'Deliveries parked for a day: somebody has to decide.'],
  oldest_outstanding_seconds: ['shared', 'Age of the oldest outstanding delivery.'],
  relay_oldest_unpublished_seconds: ['shared', 'Age of the oldest delivery that Kafka has not confirmed yet.'],
  log_epoch: ['shared', 'Epoch of the log: grows by one at each restart of it.'],
  log_size: ['shared', 'Leaves of the log.'],
  log_cosigned_size: ['shared', 'Leaves of the newest checkpoint with a quorum of cosignatures.'],
  log_pending: ['shared', 'Records that are no leaf yet.'],
  log_oldest_pending_seconds: ['shared', 'Age of the oldest record that is no leaf yet.'],
  log_checkpoint_age_seconds: ['shared', 'Age of the newest checkpoint; it only grows while there is no work.'],
  log_uncosigned_seconds: [
    'shared',
    'How long the oldest checkpoint after the newest cosigned one waits for a quorum.',
  ],
  log_halted: ['shared', '1 when the log takes no records: a witness knows another one.'],
  log_alarms: ['shared', 'What witnesses said against the log in this epoch.'],
  otlp_traces_passed: ['shared', 'Position in the log up to which the traces of the standard views were taken.'],
  otlp_logs_passed: ['shared', 'Position in the log up to which the log records of the standard views were taken.'],
} as const satisfies Record<string, readonly [Scope, string]>;

export type Figures = Readonly<Partial<Record<keyof typeof FIGURES, number>>>;

const GAUGES = new Map<string, Gauge>(
  Object.entries(FIGURES).map(([figure, [scope, help]]) => {
    const name = `ketenpoort_${figure}`;
    return [figure, METRICS.gauge({ name, help }, scope)];
  }),
);

export function setFigures(figures: Figures): void {
  for (const [figure, value] of Object.entries(figures)) GAUGES.get(figure)?.set(value);
}

/** By recipient: organisations of the register, so their number is bounded. */
export const deliveriesByRecipient = METRICS.gauge(
  {
    name: 'ketenpoort_deliveries',
    help: 'Deliveries that are not done, by recipient and state.',
    labels: ['recipient_oin', 'recipient_kind', 'state'],
  },
  'shared',
);
export const oldestByRecipient = METRICS.gauge(
  {
    name: 'ketenpoort_delivery_oldest_seconds',
    help: 'Age of the oldest outstanding delivery of a recipient.',
    labels: ['recipient_oin', 'recipient_kind'],
  },
  'shared',
);
/** `holder`: `gateway`, `kafka`, or the OIN of a peer, whose certificate is seen when it connects. */
export const certificateExpiry = METRICS.gauge({
  name: 'ketenpoort_certificate_expiry_timestamp_seconds',
  help: 'When a certificate ends, Unix time; of a holder with several, the one that was used last.',
  labels: ['holder'],
});
export const crlExpiry = METRICS.gauge({
  name: 'ketenpoort_crl_expiry_timestamp_seconds',
  help: 'When the first of the revocation lists in use is stale, Unix time; 0 when one is missing.',
});
