import { KafkajsAdmin } from '#messaging/kafkajs-admin.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { DEAD_LETTER_TOPIC, notificationsTopic } from '#messaging/topics.js';
import pg from 'pg';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { wrong } from './outcome.js';

const ACTIVE = 'SELECT oin FROM ketenpoort.peer WHERE active ORDER BY oin';
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Whether the brokers take this certificate, and whether the gateway may write to the topic of every active peer: a
 * topic that is missing and one that it may not see are the same to it.
 */
export async function brokers(config: GatewayConfig): Promise<string> {
  if (!config.kafka) return 'none configured: agencies read their inbox';
  const admin = await KafkajsAdmin.connect({ ...config.kafka, clientId: 'ketenpoort-doctor' }, SILENT_LOG).catch(() => {
    throw wrong(
      'The brokers cannot be reached over mutual TLS',
      'Check KAFKA_BROKERS and the KAFKA_* files, and that the broker runs.',
    );
  });
  try {
    const seen = new Set(await admin.topics());
    const wanted = [DEAD_LETTER_TOPIC, ...(await activePeers(config)).map(notificationsTopic)];
    const missing = wanted.filter((topic) => !seen.has(topic));
    if (missing.length > 0) {
      const cause = `${missing.length} topics are missing or closed to the gateway, ${missing[0]} among them`;
      throw wrong(cause, 'Run: npm run kafka:provision. Until then their recipients read the inbox.');
    }
    return `reached ${config.kafka.brokers.join(', ')}; ${wanted.length} topics are there`;
  } finally {
    await admin.close();
  }
}

async function activePeers({ databaseUrl }: GatewayConfig): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
    return (await client.query<{ oin: string }>(ACTIVE)).rows.map(({ oin }) => oin);
  } catch {
    // The check of the database says so.
    return [];
  } finally {
    await client.end().catch(() => undefined);
  }
}
