import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import '#messaging/kafkajs-timers.js';
import { LOG4J_VERSION, KAFKA_VERSION, toolPaths } from '../../broker/broker-config.js';
import { ensureJars, type JavaProgram } from '../../broker/kafka-jars.js';
import { LOG4J_PROPERTIES } from '../../broker/server-properties.js';
import { startProcess } from '../../support/child-process.js';
import { freePort } from '../../support/free-port.js';
import type { Bed } from '../bed/bed.js';

const run = promisify(execFile);
const READY_LIMIT_MS = 90_000;
const FORMAT_LIMIT_MS = 60_000;
const PARTITIONS = 12;
/** 22 characters of base64url, as Kafka writes a UUID. */
const CLUSTER_ID = 'a2V0ZW5wb29ydC1iZW5jaA';

/** With the tools, whose producer test measures the broker itself. */
export const KAFKA_WITH_TOOLS: JavaProgram = {
  title: `Apache Kafka ${KAFKA_VERSION} with its tools`,
  folder: `kafka-tools-${KAFKA_VERSION}`,
  dependencies: [
    ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
    ['org.apache.kafka', 'kafka-tools', KAFKA_VERSION],
    ['org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION],
  ],
};

/** The topic whose log is flushed with every message, and the one whose log the system flushes when it likes. */
export const TOPICS = { flushed: 'flushed', unflushed: 'unflushed' } as const;

export interface PlainBroker {
  readonly address: string;
  readonly pid: number;
  readonly java: string;
  readonly classPath: string;
}

/**
 * Kafka for the rivals, with every advantage: no TLS and no rights to check between them and it. Stopped with the measure
 * that asked for it, and empty for the next. Answers why not, when the machine lacks something.
 */
export async function startPlainBroker(bed: Bed): Promise<PlainBroker | string> {
  const jars = await ensureJars(toolPaths(), KAFKA_WITH_TOOLS);
  if (!jars.available) return jars.reason;
  const dir = join(bed.paths.state, 'rival-kafka');
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const [port, controller] = [await freePort(), await freePort()];
  const settings = join(dir, 'server.properties');
  const logging = join(dir, 'log4j2.properties');
  await writeFile(logging, LOG4J_PROPERTIES);
  await writeFile(settings, properties(join(dir, 'data'), port, controller));
  const java = (...args: string[]): string[] => ['-Xmx384m', '-XX:+UseSerialGC', '-cp', jars.classPath, ...args];
  const format = java('kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', settings);
  await run(jars.java, format, { timeout: FORMAT_LIMIT_MS });
  const started = await startProcess({
    name: 'Apache Kafka of the rivals',
    command: jars.java,
    args: java(`-Dlog4j2.configurationFile=${logging}`, 'kafka.Kafka', settings),
    cwd: dir,
    logFile: join(bed.paths.logs, 'rival-kafka.log'),
    isReady: (log) => log().includes('Kafka Server started'),
    readyWithinMs: READY_LIMIT_MS,
    detached: true,
  });
  await bed.keep('Apache Kafka of the rivals', started);
  const address = `127.0.0.1:${port}`;
  await makeTopics(address);
  return { address, pid: started.pid, java: jars.java, classPath: jars.classPath };
}

async function makeTopics(address: string): Promise<void> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const flush = [{ name: 'flush.messages', value: '1' }];
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        { topic: TOPICS.flushed, numPartitions: PARTITIONS, replicationFactor: 1, configEntries: flush },
        { topic: TOPICS.unflushed, numPartitions: PARTITIONS, replicationFactor: 1 },
      ],
    });
  } finally {
    await admin.disconnect();
  }
}

function properties(dataDir: string, port: number, controller: number): string {
  const values = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataDir,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${String(value)}\n`)
    .join('');
}
