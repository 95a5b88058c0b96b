import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { demoPaths, type DemoPaths } from '../../demo/paths.js';
import { prepareCredentials } from '../../demo/steps/certificates.js';
import { loadRegister } from '../../demo/steps/register.js';
import { ensureWatchers, registerWitnesses } from '../../demo/steps/witnesses.js';
import type { DemoPki } from '../../pki/demo-pki.js';
import { peerNamed } from '../../load/messages.js';
import { type Adapters, startAdapters } from './adapters.js';
import { type Database, startDatabase, throughPort } from './database.js';
import { type FakeClock, findFakeTime, openFakeClock } from './fake-clock.js';
import { type Gateways, startGateways } from './gateways.js';
import { type Kafka, startKafka } from './kafka.js';
import { mountSmallDisk, type SmallDisk } from './small-disk.js';
import { TcpProxy } from './tcp-proxy.js';
import type { Victim } from './victim.js';

const GATEWAYS = 2;
export const MUNICIPALITIES = ['ams', 'rot', 'utr'] as const;
/** One process each: DT&V, whose notifications must never be missing; the municipalities; those who are asked. */
const ADAPTERS = [['dtv'], MUNICIPALITIES, ['ind', 'coa']] as const;
export const PEERS: readonly string[] = ADAPTERS.flat();

/** The whole chain, with a hand on each process and on each link. */
export interface Stand {
  readonly pki: DemoPki;
  readonly logs: string;
  readonly database: Database;
  readonly kafka: Kafka;
  readonly gateways: Gateways;
  readonly adapters: Adapters;
  /** Between each gateway and the database. */
  readonly toDatabase: readonly TcpProxy[];
  /** Of the database; or why there is none. */
  readonly disk: SmallDisk | string;
  /** Of one gateway and of one adapter; or why there are none. */
  readonly clocks: { readonly gateway: FakeClock; readonly adapter: FakeClock } | string;
  /** In the order in which they need each other. */
  readonly victims: readonly Victim[];
  /** Verifier key of the log. */
  readonly logKey: string;
}

export interface StandOptions {
  readonly root: string;
  readonly folder: string;
  readonly diskBytes: number;
  readonly systemUrl: (name: string) => string;
  readonly note: (text: string) => void;
  /** Told of everything that must be undone, as soon as it stands. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

/** Starts everything in its order. What started is handed to `onStarted`, also when a later part fails. */
export async function startStand(options: StandOptions): Promise<Stand> {
  const { root, folder, diskBytes, systemUrl, note, onStarted } = options;
  const paths = await prepareFolders(root, folder);
  const disk = await mountSmallDisk(paths.database, diskBytes);
  if (typeof disk !== 'string') onStarted(() => disk.unmount());
  const { pki, secrets } = await prepareCredentials(paths);
  const watched = await ensureWatchers(paths, secrets);
  const watchers = { ...watched, keys: new Map([...watched.keys].filter(([name]) => PEERS.includes(name))) };

  note('PostgreSQL and Apache Kafka');
  const database = await startDatabase(paths.database);
  onStarted(() => database.victim.stop());
  await loadRegister(paths, database.urls.owner, pki);
  await registerWitnesses(database.urls.owner, watchers);
  const kafka = await startKafka(
    paths.broker,
    pki,
    PEERS.map((name) => peerNamed(name).oin),
  );
  onStarted(() => kafka.victim.stop());

  note('gateways and adapters');
  const clocks = await openClocks(paths.run);
  const clockOf = (which: 'gateway' | 'adapter') => (typeof clocks === 'string' ? {} : clocks[which].environment);
  const toDatabase = await Promise.all(Array.from({ length: GATEWAYS }, () => TcpProxy.listen(database.port)));
  const gateways = await startGateways({
    paths,
    credentials: { pki, secrets },
    databaseUrls: toDatabase.map(({ port }) => throughPort(database.urls.app, port)),
    brokers: kafka.brokers.gateways,
    extra: (index) => (index === 0 ? {} : clockOf('gateway')),
  });
  onStarted(() => stopAll(gateways.victims));
  const adapters = await startAdapters(ADAPTERS, {
    paths,
    pki,
    watchers,
    gatewayUrl: `https://localhost:${gateways.forAdapters.agency.port}`,
    logUrl: `https://localhost:${gateways.forAdapters.public.port}/v1/log`,
    brokers: kafka.brokers.adapters,
    systemUrl,
    extra: (index) => (index === 0 ? clockOf('adapter') : {}),
  });
  onStarted(() => stopAll(adapters.victims));
  const victims = [database.victim, kafka.victim, ...gateways.victims, ...adapters.victims];
  const { vkey: logKey } = watchers;
  return { pki, logs: paths.logs, database, kafka, gateways, adapters, toDatabase, disk, clocks, victims, logKey };
}

async function prepareFolders(root: string, folder: string): Promise<DemoPaths> {
  const paths = demoPaths(root, folder);
  for (const part of ['pki', 'secrets', 'adapters', 'logs', 'run'] as const)
    await mkdir(paths[part], { recursive: true, mode: 0o700 });
  return paths;
}

async function openClocks(folder: string): Promise<Stand['clocks']> {
  const library = await findFakeTime();
  if (library === null) return 'libfaketime is not installed (Debian: apt-get install libfaketime)';
  const open = (name: string): Promise<FakeClock> => openFakeClock(library, join(folder, `clock-${name}`));
  return { gateway: await open('gateway'), adapter: await open('adapter') };
}

async function stopAll(victims: readonly Victim[]): Promise<void> {
  for (const victim of victims) await victim.stop();
}
