import type { ConnectionOptions } from 'node:tls';
import { Kafka, type KafkaConfig, logLevel, type LogEntry, type RetryOptions } from 'kafkajs';
import { kafkaTls, type KafkaFiles } from '#messaging/kafka-identity.js';
import '#messaging/kafkajs-timers.js';
import type { MessagingLog } from '#messaging/messaging-log.js';

/** How to reach the brokers. */
export interface KafkaConnection extends KafkaFiles {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  /** Shown in the broker's own logs and quotas; no secret, no person. */
  readonly clientId: string;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Few and short: above this client stands a loop that starts over with a new one, because kafkajs' own long retries can
 * lose a batch among concurrent sends.
 */
const RETRY: RetryOptions = { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000 };

/** A client over mutual TLS. Nothing connects yet. Rejects when the files cannot be used. */
export async function openKafka(connection: KafkaConnection, log: MessagingLog): Promise<Kafka> {
  return kafkaClient(connection, await kafkaTls(connection), log);
}

/** The same with files that were read before. */
export function kafkaClient(connection: KafkaConnection, tls: ConnectionOptions, log: MessagingLog): Kafka {
  const config: KafkaConfig = {
    clientId: connection.clientId,
    brokers: [...connection.brokers],
    ssl: tls,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forward(entry, log),
  };
  return new Kafka(config);
}

/** Only these fields pass: kafkajs puts whole requests and responses into others. */
const PASSED_FIELDS = ['broker', 'clientId', 'groupId', 'topic', 'partition', 'error', 'retryCount', 'retryTime'];

/** Said by each new idempotent producer. Our callers send again after the last retry, and receivers drop doubles. */
const LIMITED_RETRIES = 'Limiting retries for the idempotent producer may invalidate EoS guarantees';

/** What kafkajs calls an error heals itself in our loop, so it is a warning here. */
function forward(entry: LogEntry, log: MessagingLog): void {
  if (entry.log.message === LIMITED_RETRIES) return;
  const fields: Record<string, unknown> = { part: entry.namespace };
  for (const name of PASSED_FIELDS) {
    const value: unknown = entry.log[name];
    if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
  }
  log.warn(fields, `kafka: ${entry.log.message}`);
}
