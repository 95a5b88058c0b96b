import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '../../../apps/gateway/src/storage/data-source.js';
import { startBroker } from '../../broker/broker.js';
import { provision } from '../../broker/provision.js';
import { type EmbeddedPostgres, startPostgres } from '../../database/embedded-postgres.js';
import { demoPaths, type DemoPaths } from '../../demo/paths.js';
import { GATEWAY_OIN, ROSTER } from '../../demo/roster.js';
import { type Credentials, prepareCredentials } from '../../demo/steps/certificates.js';
import { loadRegister } from '../../demo/steps/register.js';
import { postmasterPid } from './postmaster.js';

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

  /** Beside the demo's state, on the same disk; what an interrupted run left there is stopped and removed first. */
  static async open(root: string, say: (line: string) => void): Promise<Bed> {
    const paths = demoPaths(root, join(root, '.ketenpoort', 'bench', 'bed'));
    // Adopting is how a server that was left behind is found.
    const leftBehind = await startPostgres({ dataDir: paths.database });
    await leftBehind.remove();
    await rm(paths.state, { recursive: true, force: true });
    await mkdir(paths.logs, { recursive: true, mode: 0o755 });
    const credentials = await prepareCredentials(paths);
    const postgres = await startPostgres({ dataDir: paths.database });
    const bed = new Bed(paths, credentials, postgres, await postmasterPid(postgres.superUrl('postgres')), say);
    bed.defer('PostgreSQL', () => postgres.remove());
    return bed;
  }

  /** A migrated database with the demo's register. */
  async database(name: string): Promise<BedDatabase> {
    await this.postgres.createDatabase(name);
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

  /** Registers what must be stopped at the end; the last comes first. */
  defer(name: string, stop: () => Promise<unknown>): void {
    this.stops.push({ name, stop });
  }

  async close(): Promise<void> {
    for (const { name, stop } of this.stops.splice(0).reverse()) {
      await stop().catch((error: unknown) => this.say(`${name} did not stop cleanly: ${String(error)}`));
    }
    await rm(this.paths.state, { recursive: true, force: true });
  }

  private async startBroker(): Promise<BedBroker | null> {
    const { pki } = this.credentials;
    const files = { caFile: pki.caFile, broker: pki.files('kafka'), admin: pki.files('kafka-admin') };
    const broker = await startBroker({ dir: this.paths.broker, pki: files, log: () => undefined });
    if (!broker.available) {
      this.say(`no Apache Kafka: ${broker.reason}`);
      return null;
    }
    this.defer('Apache Kafka', () => broker.stop());
    await provision({
      brokers: broker.brokers,
      adminTls: { ...pki.files('kafka-admin'), caFile: pki.caFile },
      gatewayOin: GATEWAY_OIN,
      peers: ROSTER.map(({ oin }) => ({ oin, active: true })),
    });
    return broker;
  }
}
