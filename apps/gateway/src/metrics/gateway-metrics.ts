import { Registry } from '#telemetry/registry.js';

/**
 * The figures of this process. One registry, because whoever counts stands deep in a room that should know of no other.
 * Labels take values from closed lists or the register alone: routes, codes, kinds and OINs of organisations, never what a
 * caller wrote and never anything of a person (G8).
 */
export const METRICS = new Registry();

const LATENCY_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
const MILLISECONDS = 1_000;
const BATCH_ITEMS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** `status` is the class, `2xx`; `peer_kind` is `none` for whoever was not recognised, `OFFICER` for a person. */
export const httpRequests = METRICS.counter({
  name: 'ketenpoort_http_requests_total',
  help: 'Answers to agencies and officers.',
  labels: ['route', 'method', 'status', 'peer_kind'],
});
export const httpSeconds = METRICS.histogram(
  {
    name: 'ketenpoort_http_request_seconds',
    help: 'From the headers of a request to its answer; a long poll waits on purpose.',
    labels: ['route', 'method'],
  },
  LATENCY_SECONDS,
);
export const problems = METRICS.counter({
  name: 'ketenpoort_problems_total',
  help: 'Refusals by code of the error catalogue, 429 and 503 among them.',
  labels: ['code'],
});
export const handshakesRefused = METRICS.counter({
  name: 'ketenpoort_handshakes_refused_total',
  help: 'Connections that ended before a request.',
  labels: ['reason'],
});
export const messagesAccepted = METRICS.counter({
  name: 'ketenpoort_messages_accepted_total',
  help: 'Messages answered with 202, repeats included.',
  labels: ['contract', 'peer_kind'],
});

const batchItems = METRICS.histogram(
  { name: 'ketenpoort_batch_items', help: 'Requests in one commit.', labels: ['queue'] },
  BATCH_ITEMS,
);
const batchSeconds = METRICS.histogram(
  { name: 'ketenpoort_batch_seconds', help: 'One transaction of a batch.', labels: ['queue'] },
  LATENCY_SECONDS,
);
const batchWaitSeconds = METRICS.histogram(
  {
    name: 'ketenpoort_batch_wait_seconds',
    help: 'How long a request waited for its batch to begin.',
    labels: ['queue'],
  },
  LATENCY_SECONDS,
);

/** What one queue counts; `queue` is what is committed together: accept, disclose, acknowledge. Times in milliseconds. */
export function batchFigures(queue: string) {
  const items = batchItems.with({ queue });
  const seconds = batchSeconds.with({ queue });
  const waitSeconds = batchWaitSeconds.with({ queue });
  return {
    begun: (waitedMs: readonly number[]): void => {
      items(waitedMs.length);
      for (const ms of waitedMs) waitSeconds(ms / MILLISECONDS);
    },
    ended: (ms: number): void => seconds(ms / MILLISECONDS),
  };
}

export const published = METRICS.counter({
  name: 'ketenpoort_relay_published_total',
  help: 'Notifications that Kafka confirmed.',
});
export const relayFailures = METRICS.counter({
  name: 'ketenpoort_relay_failures_total',
  help: 'Rounds of the relay that failed and are repeated.',
});
export const sequencerFailures = METRICS.counter({
  name: 'ketenpoort_sequencer_failures_total',
  help: 'Cycles of the sequencer that failed and are repeated.',
});
export const spansDropped = METRICS.counter({
  name: 'ketenpoort_spans_dropped_total',
  help: 'Technical spans that the receiver did not get.',
});
/** `kind` is the timer that ran out: TMR-DTV, TMR-FETCH, … (domain 2.5). */
export const caseAlarms = METRICS.counter({
  name: 'ketenpoort_case_alarms_total',
  help: 'Terms that passed without what had to happen in them.',
  labels: ['kind'],
});
