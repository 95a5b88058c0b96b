import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { KafkaConnection } from '#messaging/kafka-connection.js';
import { KafkajsAdmin } from '#messaging/kafkajs-admin.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { startProcess, stopPid } from '../support/child-process.js';
import { freePort } from '../support/free-port.js';
import { readLivePidFile, writePidFile } from '../support/pid-file.js';
import { toolPaths } from './broker-config.js';
import { ensureKafkaJars } from './kafka-jars.js';
import { principalSettings } from './principal.js';
import { type Door, LOG4J_PROPERTIES, serverProperties } from './server-properties.js';

const run = promisify(execFile);

const READY_LIMIT_MS = 60_000;
const FORMAT_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
/**
 * A small heap needs no parallel collector, and the optimising compiler may come later: together they halve the CPU time
 * until the broker is ready (10.2 s to 5.1 s on one core), and what stays hot is still optimised in the end.
 */
const JVM_OPTIONS = [
  '-Xmx384m',
  '-XX:+UseSerialGC',
  '-XX:Tier4InvocationThreshold=50000',
  '-XX:Tier4MinInvocationThreshold=20000',
  '-XX:Tier4CompileThreshold=100000',
  '-XX:Tier4BackEdgeThreshold=400000',
];

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface BrokerPki {
  readonly caFile: string;
  /** Server certificate for `host`; its CN must differ from the administrator's. */
  readonly broker: CertificateFiles;
  readonly admin: CertificateFiles;
}

export interface BrokerOptions {
  /** Data, settings, log and pid file; kept between starts. */
  readonly dir: string;
  readonly pki: BrokerPki;
  readonly log: (line: string) => void;
  /** Must stand in the broker certificate. Default 127.0.0.1. */
  readonly host?: string;
  /** Default: any free one. */
  readonly port?: number;
  readonly controllerPort?: number;
  /** Further ways in. Default none. */
  readonly doors?: readonly Door[];
}

export interface RunningBroker {
  readonly available: true;
  /** `host:port`, for `KAFKA_BROKERS`. */
  readonly brokers: readonly string[];
  readonly pid: number;
  /** SIGTERM, then SIGKILL; resolves when it is gone. */
  stop(): Promise<void>;
}

export type BrokerResult = RunningBroker | { readonly available: false; readonly reason: string };

interface PidNotes {
  readonly properties: string;
  readonly brokers: readonly string[];
}

/**
 * Starts Apache Kafka in a session of its own, or takes over the one that an earlier, killed process left running with
 * these settings. `available: false` when the machine lacks something; throws, with the last log lines, when a broker
 * that should run does not.
 */
export async function startBroker(options: BrokerOptions): Promise<BrokerResult> {
  const jars = await ensureKafkaJars(toolPaths());
  if (!jars.available) return jars;
  const dir = resolve(options.dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const pidFile = join(dir, 'kafka.pid');
  const adopted = await adopt(pidFile, dir, options);
  if (adopted !== null) return adopted;

  const startedAt = Date.now();
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? (await freePort(host));
  const settings = await writeSettings(dir, { ...options, host, port });
  const java = (args: readonly string[]) => [...JVM_OPTIONS, '-cp', jars.classPath, ...args];
  if (!existsSync(join(dir, 'data', 'meta.properties'))) {
    const args = ['kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', join(dir, 'server.properties')];
    await run(jars.java, java(args), { timeout: FORMAT_LIMIT_MS });
  }
  const brokers = [`${host}:${port}`];
  const started = await startProcess({
    name: 'Apache Kafka',
    command: jars.java,
    args: java([
      `-Dlog4j2.configurationFile=${join(dir, 'log4j2.properties')}`,
      'kafka.Kafka',
      join(dir, 'server.properties'),
    ]),
    cwd: dir,
    logFile: join(dir, 'kafka.log'),
    // The port opens before requests are served; asking earlier only makes kafkajs wait before its next try.
    isReady: async (log) => log().includes('Kafka Server started') && (await answers(brokers, options.pki)),
    readyWithinMs: READY_LIMIT_MS,
    detached: true,
  });
  await writePidFile<PidNotes>(pidFile, started.pid, { properties: settings, brokers });
  options.log(`Apache Kafka on ${brokers.join(',')}, ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return running(started.pid, brokers, pidFile, () => started.stop(STOP_LIMIT_MS));
}

function running(pid: number, brokers: readonly string[], pidFile: string, end: () => Promise<unknown>): RunningBroker {
  const stop = async () => {
    await end();
    await rm(pidFile, { force: true });
  };
  return { available: true, brokers, pid, stop };
}

/** A live broker of this folder is used when it answers and has the wanted settings; otherwise it is stopped. */
async function adopt(pidFile: string, dir: string, options: BrokerOptions): Promise<RunningBroker | null> {
  const live = await readLivePidFile<PidNotes>(pidFile);
  if (live === null) return null;
  const { brokers, properties } = live.notes;
  const port = Number(brokers[0]?.split(':').at(-1));
  const controllerPort = Number(/CONTROLLER:\/\/[^:]+:(\d+)/.exec(properties)?.[1]);
  const host = options.host ?? '127.0.0.1';
  const wanted = await settingsText(dir, { port, controllerPort, ...options, host });
  if (wanted === properties && (await answers(brokers, options.pki))) {
    options.log(`Apache Kafka on ${brokers.join(',')} was still running`);
    return running(live.pid, brokers, pidFile, () => stopPid(live.pid, STOP_LIMIT_MS));
  }
  options.log('stopping an Apache Kafka that runs with other settings');
  await stopPid(live.pid, STOP_LIMIT_MS);
  return null;
}

type Placed = BrokerOptions & { readonly host: string; readonly port: number };

async function settingsText(dir: string, options: Placed & { readonly controllerPort: number }): Promise<string> {
  const { host, port, controllerPort, pki, doors = [] } = options;
  const principals = await principalSettings([pki.broker.certFile, pki.admin.certFile]);
  const [dataDir, keystoreFile, caFile] = [join(dir, 'data'), join(dir, 'broker.pem'), resolve(pki.caFile)];
  return serverProperties({ host, port, controllerPort, dataDir, keystoreFile, caFile, principals, doors });
}

async function writeSettings(dir: string, options: Placed): Promise<string> {
  const { host, pki } = options;
  const controllerPort = options.controllerPort ?? (await freePort(host));
  const text = await settingsText(dir, { ...options, controllerPort });
  const [key, cert] = await Promise.all([readFile(pki.broker.keyFile, 'utf8'), readFile(pki.broker.certFile, 'utf8')]);
  // Java wants both in one file.
  await writeFile(join(dir, 'broker.pem'), `${key.trim()}\n${cert.trim()}\n`, { mode: 0o600 });
  await writeFile(join(dir, 'log4j2.properties'), LOG4J_PROPERTIES);
  await writeFile(join(dir, 'server.properties'), text);
  return text;
}

/** Kafka's form of a UUID: 16 bytes in base64url. The first may not be a dash, which an option would start with. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

/** Whether an administrator gets an answer over TLS. */
async function answers(brokers: readonly string[], { caFile, admin }: BrokerPki): Promise<boolean> {
  const connection: KafkaConnection = { brokers, caFile, ...admin, clientId: 'ketenpoort-ready-check' };
  try {
    const client = await KafkajsAdmin.connect(connection, SILENT_LOG);
    try {
      return (await client.brokers()) > 0;
    } finally {
      await client.close();
    }
  } catch {
    return false;
  }
}
