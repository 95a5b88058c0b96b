import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { migrate } from '../../../apps/gateway/src/storage/data-source.js';
import { startBroker } from '../../broker/broker.js';
import { provision } from '../../broker/provision.js';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../database/embedded-postgres.js';
import { demoPaths, type DemoPaths } from '../../demo/paths.js';
import { GATEWAY_OIN, ROSTER } from '../../demo/roster.js';
import { type Credentials, prepareCredentials } from '../../demo/steps/certificates.js';
import { loadRegister } from '../../demo/steps/register.js';
import { stopPid } from '../../support/child-process.js';
import { readLivePidFile, writePidFile } from '../../support/pid-file.js';
import type { BenchOptions } from '../options.js';
import { makeLogFiles, postmasterPid } from './postmaster.js';

/** More log than is written between two of the checkpoints that are made before each target. */
const LOG_FILES_MB = 2_048;

export interface BedDatabase {
  readonly name: string;
  readonly appUrl: string;
  readonly ownerUrl: string;
}

export interface BedBroker {
  readonly brokers: readonly string[];
  readonly pid: number;
}

/** What every measure stands on: a folder, certificates, one database server, and what was started on them. */
export class Bed {
  private readonly stops: { readonly name: string; readonly stop: () => Promise<unknown> }[] = [];
  private started: Promise<BedBroker | null> | null = null;

  private constructor(
    readonly paths: DemoPaths,
    readonly credentials: Credentials,
    readonly postgres: EmbeddedPostgres,
    readonly postgresPid: number,
    private readonly say: (line: string) => void,
  ) {}

  /**
   * Beside the demo's state, on the same disk; what an interrupted run left there is stopped and removed first.
   * `postgres`: folder of another build than that of the npm package. `quick`: without making log files first.
   */
  static async open(
    root: string,
    say: (line: string) => void,
    { postgres: build, quick }: Pick<BenchOptions, 'postgres' | 'quick'>,
  ): Promise<Bed> {
    const paths = demoPaths(root, join(root, '.ketenpoort', 'bench', 'bed'));
    const own = `${paths.state}.pid`;
    const running = await readLivePidFile(own);
    if (running) throw new Error(`a bench is running already (process ${running.pid}); stop that one first`);
    await mkdir(dirname(own), { recursive: true, mode: 0o755 });
    await writePidFile(own, process.pid, {});
    await removeLeftovers(paths);
    for (const folder of [paths.logs, paths.run]) await mkdir(folder, { recursive: true, mode: 0o755 });
    const credentials = await prepareCredentials(paths);
    const postgres = await startPostgres({
      dataDir: paths.database,
      size: { sharedBuffersMb: tenthOfMemoryMb(), maxWalGb: 8, minWalMb: LOG_FILES_MB, checkpointMinutes: 15 },
      ...(build ? { build } : {}),
    });
    const bed = new Bed(paths, credentials, postgres, await postmasterPid(postgres.superUrl('postgres')), say);
    bed.defer('the mark that a bench runs', () => rm(own, { force: true }));
    bed.defer('PostgreSQL', () => postgres.remove());
    if (!quick) await makeLogFiles(postgres.superUrl('postgres'), LOG_FILES_MB);
    return bed;
  }

  /**
   * Runs one measure; what it started is then stopped, and its databases are dropped, so that each measure finds the
   * machine as it would alone: no other server idles beside it, and nobody vacuums what an earlier one wrote.
   */
  async during<Result>(measure: () => Promise<Result>): Promise<Result> {
    const before = this.stops.length;
    try {
      return await measure();
    } finally {
      await this.stop(before);
    }
  }

  /** A database without tables; a `shared` one stays for the measures that follow. */
  async emptyDatabase(name: string, { shared = false } = {}): Promise<void> {
    await this.postgres.createDatabase(name);
    if (!shared) this.defer(`database ${name}`, () => this.postgres.dropDatabase(name));
  }

  /** A migrated database with the demo's register. */
  async database(name: string, sharing: { readonly shared?: boolean } = {}): Promise<BedDatabase> {
    await this.emptyDatabase(name, sharing);
    const ownerUrl = this.postgres.ownerUrl(name);
    await migrate(ownerUrl);
    await loadRegister(this.paths, ownerUrl, this.credentials.pki);
    return { name, ownerUrl, appUrl: this.postgres.appUrl(name) };
  }

  /** The demo's broker with topics and rights of every peer, started when it is first asked for; null: not to be had. */
  broker(): Promise<BedBroker | null> {
    this.started ??= this.startBroker();
    return this.started;
  }

  /** Stops the process at the end; or the next run does, should this one be killed. */
  async keep(name: string, process: { readonly pid: number; readonly stop: () => Promise<void> }): Promise<void> {
    this.defer(name, () => process.stop());
    await writePidFile(join(this.paths.run, `${process.pid}.pid`), process.pid, {});
  }

  /** Registers what must be stopped when the measure ends, or the run; the last comes first. */
  defer(name: string, stop: () => Promise<unknown>): void {
    this.stops.push({ name, stop });
  }

  async close(): Promise<void> {
    await this.stop(0);
    await rm(this.paths.state, { recursive: true, force: true });
  }

  /** What was registered after the first `kept`. */
  private async stop(kept: number): Promise<void> {
    for (const { name, stop } of this.stops.splice(kept).reverse()) {
      await stop().catch((error: unknown) => this.say(`${name} did not stop cleanly: ${String(error)}`));
    }
  }

  private async startBroker(): Promise<BedBroker | null> {
    const { pki } = this.credentials;
    const files = { caFile: pki.caFile, broker: pki.files('kafka'), admin: pki.files('kafka-admin') };
    const broker = await startBroker({ dir: this.paths.broker, pki: files, log: () => undefined });
    if (!broker.available) {
      this.say(`no Apache Kafka: ${broker.reason}`);
      return null;
    }
    this.defer('Apache Kafka', () => {
      this.started = null;
      return broker.stop();
    });
    await provision({
      brokers: broker.brokers,
      adminTls: { ...pki.files('kafka-admin'), caFile: pki.caFile },
      gatewayOin: GATEWAY_OIN,
      peers: ROSTER.map(({ oin }) => ({ oin, active: true })),
    });
    return broker;
  }
}

/** Pages in the server's own memory: what every handbook gives it at least. */
function tenthOfMemoryMb(): number {
  return Math.max(128, Math.round(totalmem() / 10 / 1_048_576));
}

/** What a run that was killed left running and lying about. */
async function removeLeftovers({ state, run, broker, database }: DemoPaths): Promise<void> {
  const files = (await readdir(run).catch(() => [])).map((file) => join(run, file));
  for (const file of [...files.filter((one) => one.endsWith('.pid')), join(broker, 'kafka.pid')]) {
    const live = await readLivePidFile(file);
    if (live) await stopPid(live.pid);
  }
  if (existsSync(database)) await removePostgres(database);
  await rm(state, { recursive: true, force: true });
}
