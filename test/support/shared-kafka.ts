import { join } from 'node:path';
import { openKafka } from '#messaging/kafka-connection.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { DEAD_LETTER_TOPIC, notificationsTopic } from '#messaging/topics.js';
import { startBroker } from '../../tools/broker/broker.js';
import { provision } from '../../tools/broker/provision.js';
import { GATEWAY_OIN, ROSTER } from '../../tools/demo/roster.js';
import type { DemoPki } from '../../tools/pki/demo-pki.js';
import { storiesRun } from './stories-run.js';
import { copyOfPki } from './world.js';

export interface SharedKafka {
  readonly brokers: readonly string[];
  /** The broker trusts this authority alone: a world that uses the broker takes its certificates from here. */
  readonly pki: DemoPki;
  /** What the gateway is told. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Apache Kafka for the stories that only use it, one for each process of jest: started by the first story there, taken
 * over by the next, with empty topics for each. The teardown of the run stops it.
 */
export async function sharedKafka(): Promise<SharedKafka> {
  const folder = join(storiesRun().folder, 'kafka', process.env.JEST_WORKER_ID ?? '');
  const pki = await copyOfPki(join(folder, 'pki'));
  const started = await startBroker({
    dir: join(folder, 'broker'),
    pki: { caFile: pki.caFile, broker: pki.files('kafka'), admin: pki.files('kafka-admin') },
    log: () => undefined,
  });
  if (!started.available) throw new Error(started.reason);
  const { brokers } = started;
  await deleteTopics(brokers, pki);
  await provision({
    brokers,
    adminTls: { ...pki.files('kafka-admin'), caFile: pki.caFile },
    gatewayOin: GATEWAY_OIN,
    peers: ROSTER.map(({ oin }) => ({ oin, active: true })),
  });
  const { certFile, keyFile } = pki.files('gateway');
  const environment = {
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_CERT_FILE: certFile,
    KAFKA_KEY_FILE: keyFile,
    KAFKA_CA_FILE: pki.caFile,
  };
  return { brokers, pki, environment };
}

/** The stories before left their notifications, and their sequences begin at 1 as well. */
async function deleteTopics(brokers: readonly string[], pki: DemoPki): Promise<void> {
  const connection = { brokers, ...pki.files('kafka-admin'), caFile: pki.caFile, clientId: 'ketenpoort-stories' };
  const admin = (await openKafka(connection, SILENT_LOG)).admin();
  await admin.connect();
  try {
    const existing = await admin.listTopics();
    const ours = [DEAD_LETTER_TOPIC, ...ROSTER.map(({ oin }) => notificationsTopic(oin))];
    const topics = ours.filter((topic) => existing.includes(topic));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
