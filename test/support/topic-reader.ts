import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openKafka } from '#messaging/kafka-connection.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { adapterGroup, notificationsTopic } from '#messaging/topics.js';
import type { SharedKafka } from './shared-kafka.js';
import { peer } from './world.js';

const run = promisify(execFile);
const READ_LIMIT_MS = 30_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** kafkajs has no "up to the end": nothing new for this long is the end. */
const QUIET_MS = 2_000;

/** A record as any Kafka client sees it. `value` is null only for a record without one. */
export interface TopicRecord {
  readonly key: string;
  readonly value: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export type TopicReader = (kafka: SharedKafka, reader: string, recipient: string) => Promise<readonly TopicRecord[]>;

/** Everything on a recipient's topic as `reader` may see it; rejects with what the broker says when it may not. */
export async function topicReader(): Promise<TopicReader> {
  const installed = await run('kcat', ['-V']).then(
    () => true,
    () => false,
  );
  return installed ? readWithKcat : readWithKafkajs;
}

export const readWithKcat: TopicReader = async (kafka, reader, recipient) => {
  const { certFile, keyFile } = kafka.pki.files(reader);
  const settings = {
    'security.protocol': 'ssl',
    'ssl.ca.location': kafka.pki.caFile,
    'ssl.certificate.location': certFile,
    'ssl.key.location': keyFile,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
  const what = ['-C', '-t', notificationsTopic(peer(recipient).oin), '-o', 'beginning', '-e', '-q', '-J'];
  const args = ['-b', kafka.brokers.join(','), ...options, ...what];
  const { stdout } = await run('kcat', args, { timeout: READ_LIMIT_MS, maxBuffer: MAX_OUTPUT_BYTES });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { key, payload, headers } = JSON.parse(line) as { key: string; payload: string | null; headers: string[] };
    const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ''] as const] : []));
    return { key, value: payload, headers: pairs };
  });
};

export const readWithKafkajs: TopicReader = async (kafka, reader, recipient) => {
  const clientId = 'ketenpoort-stories';
  const connection = { brokers: kafka.brokers, ...kafka.pki.files(reader), caFile: kafka.pki.caFile, clientId };
  const client = await openKafka(connection, SILENT_LOG);
  // A member's certificate may join one group only. Nothing is committed: its adapter still finds everything.
  const consumer = client.consumer({ groupId: adapterGroup(peer(reader).oin), allowAutoTopicCreation: false });
  const records: TopicRecord[] = [];
  let failure: Error | null = null;
  consumer.on(consumer.events.CRASH, ({ payload }) => (failure = payload.error));
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [notificationsTopic(peer(recipient).oin)], fromBeginning: true });
    let heardAt = Number.POSITIVE_INFINITY;
    consumer.on(consumer.events.FETCH, () => (heardAt = Math.min(heardAt, Date.now())));
    await consumer.run({
      autoCommit: false,
      eachMessage: ({ message: { key, value, headers = {} } }) => {
        heardAt = Date.now();
        const pairs = Object.entries(headers).map(([name, one]) => [name, String(one)] as const);
        records.push({ key: String(key), value: value === null ? null : value.toString('utf8'), headers: pairs });
        return Promise.resolve();
      },
    });
    for (const end = Date.now() + READ_LIMIT_MS; Date.now() < end && !failure;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (Date.now() - heardAt > QUIET_MS) break;
    }
    if (failure) throw failure as Error;
    return records;
  } finally {
    await consumer.disconnect();
  }
};
