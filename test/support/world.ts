import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import request from 'supertest';
import { createDatabase } from '../../tools/database/database-roles.js';
import { GATEWAY_OIN, ROSTER, type RosterPeer } from '../../tools/demo/roster.js';
import { DemoPki } from '../../tools/pki/demo-pki.js';
import { ensureSecrets, type SecretFiles } from '../../tools/pki/secrets.js';
import { startProcess, type ManagedProcess } from '../../tools/support/child-process.js';
import { freePort } from '../../tools/support/free-port.js';
import { storiesRun, type ServerUrls } from './stories-run.js';

/** One for all processes of a story, whatever their ports. */
export const LOG_ORIGIN = 'story.ketenpoort.example/log';
const READY_LIMIT_MS = 60_000;

export interface GatewayProcess {
  readonly url: string;
  readonly publicUrl: string;
  readonly managementUrl: string;
  readonly process: ManagedProcess;
}

interface Shared {
  readonly pki?: DemoPki;
  readonly urls?: ServerUrls;
}

/** The certificates of the run, to issue and revoke as a story likes; a folder that is there already stays as it is. */
export async function copyOfPki(dir: string): Promise<DemoPki> {
  if (!existsSync(dir)) await cp(storiesRun().pkiDir, dir, { recursive: true });
  return new DemoPki(dir);
}

/** A database of the story's own, certificates, and the built gateway in as many processes as it asks for. */
export class World {
  readonly gateways: GatewayProcess[] = [];
  private readonly owner: pg.Pool;

  private constructor(
    readonly folder: string,
    readonly pki: DemoPki,
    readonly secrets: SecretFiles,
    readonly databaseUrl: string,
    readonly ownerUrl: string,
    /** Of the role of retention, and of a superuser. */
    readonly retentionUrl: string,
    readonly superUrl: string,
  ) {
    this.owner = new pg.Pool({ connectionString: ownerUrl, max: 2, options: '-c search_path=ketenpoort' });
    // A story may stop its database or cut connections to copy it; a query that fails by it still rejects.
    this.owner.on('error', () => undefined);
  }

  /**
   * `shared`: a copy of the run's certificates that another part of the story trusts already, such as the broker; a
   * database server of the story's own, for a story that stops it.
   */
  static async open(shared: Shared = {}): Promise<World> {
    const run = storiesRun();
    const urls = shared.urls ?? run.urls;
    const name = `story_${randomUUID().slice(0, 8)}`;
    const url = (role: keyof ServerUrls): string => urls[role].replace('%', name);
    const folder = join(run.folder, name);
    const pki = shared.pki ?? (await copyOfPki(join(folder, 'pki')));
    const secrets = await ensureSecrets(join(folder, 'secrets'));
    await createDatabase(urls.super.replace('%', 'postgres'), name, shared.urls ? undefined : run.template);
    if (shared.urls) await (await import('./fill-database.js')).fillDatabase(url('owner'), pki);
    return new World(folder, pki, secrets, url('app'), url('owner'), url('retention'), url('super'));
  }

  /** What the gateway is told; `changes` may unset a name with `undefined`. */
  environment(ports: { agency: number; public: number; management: number }): Record<string, string> {
    const { certFile, keyFile } = this.pki.files('gateway');
    return {
      PATH: process.env.PATH ?? '',
      KETENPOORT_MODE: 'demo',
      GATEWAY_OIN,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(ports.agency),
      GATEWAY_URL: `https://localhost:${ports.agency}`,
      PUBLIC_PORT: String(ports.public),
      MANAGEMENT_PORT: String(ports.management),
      DATABASE_URL: this.databaseUrl,
      TLS_CERT_FILE: certFile,
      TLS_KEY_FILE: keyFile,
      TLS_CA_FILE: this.pki.caFile,
      TLS_CRL_FILE: this.pki.crlFile,
      OFFICER_CA_FILE: this.pki.officerCaFile,
      MASTER_KEY_FILE: this.secrets.masterKeyFile,
      INDEX_KEY_FILE: this.secrets.indexKeyFile,
      RECEIPT_KEY_FILE: this.secrets.receiptKeyFile,
      LOG_KEY_FILE: this.secrets.logKeyFile,
      LOG_ORIGIN,
      // A story stops its gateways with clients that are still connected.
      STOP_LINGER_SECONDS: '0',
      LOG_LEVEL: 'warn',
    };
  }

  /** `instead`: a process that has stopped; the new one is where it was. */
  async startGateway(
    changes: Readonly<Record<string, string>> = {},
    instead?: GatewayProcess,
  ): Promise<GatewayProcess> {
    const ports = instead
      ? { agency: portOf(instead.url), public: portOf(instead.publicUrl), management: portOf(instead.managementUrl) }
      : { agency: await freePort(), public: await freePort(), management: await freePort() };
    const managementUrl = `http://127.0.0.1:${ports.management}`;
    const started = await startProcess({
      name: 'gateway',
      command: process.execPath,
      args: ['dist/apps/gateway/src/main.js'],
      env: { ...this.environment(ports), ...changes },
      logFile: join(this.folder, `gateway-${this.gateways.length}.log`),
      isReady: () =>
        fetch(`${managementUrl}/health/ready`).then(
          (answer) => answer.ok,
          () => false,
        ),
      readyWithinMs: READY_LIMIT_MS,
    });
    const publicUrl = `https://localhost:${ports.public}`;
    const gateway = { url: `https://localhost:${ports.agency}`, publicUrl, managementUrl, process: started };
    if (instead) this.gateways.splice(this.gateways.indexOf(instead), 1, gateway);
    else this.gateways.push(gateway);
    return gateway;
  }

  /** Calls the gateway with the certificate of a roster peer, over real mutual TLS. */
  as(name: string, gateway = this.gateways[0]): ReturnType<typeof request.agent> {
    if (!gateway) throw new Error('no gateway runs');
    return request.agent(gateway.url, this.tlsOf(name));
  }

  /** Certificate and key of a roster peer, and the authority of the gateway's own certificate. */
  tlsOf(name: string): { ca: Buffer; cert: Buffer; key: Buffer } {
    const { certFile, keyFile } = this.pki.files(name);
    return { ca: readFileSync(this.pki.caFile), cert: readFileSync(certFile), key: readFileSync(keyFile) };
  }

  /** Rows as the owner sees them, for what a story must prove about the database. */
  async rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(sql, values)).rows;
  }

  logs(): string {
    return this.gateways
      .map((_, index) => join(this.folder, `gateway-${index}.log`))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('');
  }

  async close(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.process.stop()));
    await this.owner.end();
  }
}

export function peer(name: string): RosterPeer {
  const found = ROSTER.find((one) => one.name === name);
  if (!found) throw new Error(`no peer ${name} in the roster`);
  return found;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
