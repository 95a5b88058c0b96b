import type { KafkaConnection } from '#messaging/kafka-connection.js';
import { grantText, KafkajsAdmin } from '#messaging/kafkajs-admin.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { DEAD_LETTER_TOPIC, notificationsTopic, PARTITIONS_PER_TOPIC } from '#messaging/topics.js';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { compareAcls, opensOurTopics } from '../broker/compare-acls.js';
import { readable } from '../broker/provision.js';
import { readPeers, type PeerRow } from '../broker/read-peers.js';
import { warning, wrong } from './outcome.js';

const NONE = 'none configured: agencies read their inbox';
const PROVISION = 'Run: npm run kafka:provision';
/** A line of the doctor names what to look for; provisioning lists the rest. */
const SHOWN = 5;

/**
 * Whether the brokers take this certificate, and whether the gateway may write to the topic of every active peer, in
 * twelve partitions: a topic that is missing and one that it may not see are the same to it.
 */
export async function brokers(config: GatewayConfig): Promise<string> {
  const { kafka } = config;
  if (!kafka) return NONE;
  const wanted = [DEAD_LETTER_TOPIC, ...active(await registered(config)).map(notificationsTopic)];
  await withAdmin({ ...kafka, clientId: 'ketenpoort-doctor' }, 'KAFKA_*', async (admin) => {
    const seen = new Set(await admin.topics());
    const missing = wanted.filter((topic) => !seen.has(topic));
    if (missing.length > 0) {
      const cause = `${missing.length} topics are missing or closed to the gateway, ${missing[0]} among them`;
      throw wrong(cause, `${PROVISION}. Until then their recipients read the inbox.`);
    }
    const odd = [...(await admin.partitions(wanted))].filter(([, count]) => count !== PARTITIONS_PER_TOPIC);
    if (odd.length > 0) {
      const cause = `${odd.map(([name, count]) => `${name} has ${count} partitions`).join(', ')}, not ${PARTITIONS_PER_TOPIC}`;
      const nextStep =
        'Delete the topic and run npm run kafka:provision: recipients read what it held from their inbox.';
      throw wrong(cause, nextStep);
    }
  });
  return `reached ${kafka.brokers.join(', ')}; ${wanted.length} topics are there, of ${PARTITIONS_PER_TOPIC} partitions`;
}

/**
 * Whether only a peer may read its topic and only the gateway may write. Brokers tell that to their administrator alone,
 * whose certificate the gateway does not have: so it is asked where KAFKA_ADMIN_CERT_FILE and _KEY_FILE are given.
 */
export async function brokerRights(config: GatewayConfig, env: NodeJS.ProcessEnv): Promise<string> {
  const { kafka } = config;
  if (!kafka) return NONE;
  const { KAFKA_ADMIN_CERT_FILE: certFile, KAFKA_ADMIN_KEY_FILE: keyFile } = env;
  if (!certFile || !keyFile) {
    if (config.mode === 'demo') return 'not asked in a demo, which gives them at each start';
    const nextStep =
      'Give KAFKA_ADMIN_CERT_FILE and KAFKA_ADMIN_KEY_FILE, as for kafka:provision; here, or where those are.';
    throw warning('Nobody asked the brokers who may read and write: only their administrator may', nextStep);
  }
  const peers = { gatewayOin: config.oin, peers: await registered(config) };
  const connection = { brokers: kafka.brokers, caFile: kafka.caFile, certFile, keyFile, clientId: 'ketenpoort-doctor' };
  const held = await withAdmin(connection, 'KAFKA_ADMIN_*', (admin) =>
    admin.held().catch(() => {
      const nextStep =
        'Let KAFKA_ADMIN_CERT_FILE be that of a super user of the brokers (docs/operations.md, section 8).';
      throw wrong('The brokers do not show their ACLs to this certificate', nextStep);
    }),
  );
  const { missing, surplus, foreign } = compareAcls(peers, held);
  const open = [...surplus, ...foreign.filter(opensOurTopics)];
  if (open.length > 0) {
    const theirs = foreign.some(opensOurTopics)
      ? ' Rights of others it reports and leaves: take those away yourself.'
      : '';
    throw wrong(`Too much is allowed: ${shown(open.map(({ text }) => text))}`, `${PROVISION}, which takes away what peers hold beyond their own.${theirs}`); // prettier-ignore
  }
  if (missing.length > 0)
    throw wrong(`Not allowed, and needed: ${shown(missing.map(grantText))}`, `${PROVISION}. Until then recipients read the inbox.`); // prettier-ignore
  return `only ${active(peers.peers).length} peers may read, each its own topic, and only the gateway may write`;
}

function shown(texts: readonly string[]): string {
  const more = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '';
  return texts.slice(0, SHOWN).map(readable).join(', ') + more;
}

async function withAdmin<Result>(
  connection: KafkaConnection,
  settings: string,
  work: (admin: KafkajsAdmin) => Promise<Result>,
): Promise<Result> {
  const admin = await KafkajsAdmin.connect(connection, SILENT_LOG).catch(() => {
    const nextStep = `Check KAFKA_BROKERS and the ${settings} files, and that the broker runs.`;
    throw wrong('The brokers cannot be reached over mutual TLS', nextStep);
  });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

const active = (peers: readonly PeerRow[]): string[] => peers.filter((peer) => peer.active).map(({ oin }) => oin);

/** None when the database does not answer: its own check says so. */
const registered = ({ databaseUrl }: GatewayConfig): Promise<PeerRow[]> => readPeers(databaseUrl).catch(() => []);
