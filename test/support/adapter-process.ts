import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapterContracts } from '../../tools/demo/steps/adapters.js';
import { startProcess, type ManagedProcess } from '../../tools/support/child-process.js';
import type { Place } from './leaks.js';
import { peer, type World } from './world.js';

const READY_LIMIT_MS = 60_000;

export interface AdapterOptions {
  /** Name in the roster. */
  readonly name: string;
  /** Where its system listens. */
  readonly webhookUrl: string;
  /** Absent: it follows its inbox. */
  readonly brokers?: readonly string[];
  /** The log that it watches, and how; absent: none. */
  readonly log?: Readonly<Record<string, unknown>>;
  /** Default `warn`. */
  readonly logLevel?: string;
  readonly delivery?: { readonly tries?: number; readonly firstDelayMs?: number; readonly maxDelayMs?: number };
}

/** One agency's built adapter in a process of its own, with a state folder that survives it. */
export class AdapterProcess {
  private process: ManagedProcess | null = null;
  private localUrl = '';
  readonly stateDir: string;
  private readonly configFile: string;
  private readonly logFile: string;
  private readonly secret = randomBytes(24).toString('hex');

  constructor(
    world: World,
    private readonly options: AdapterOptions,
  ) {
    const { name, webhookUrl, brokers, delivery, log, logLevel = 'warn' } = options;
    const { oin, kind, pilot } = peer(name);
    const folder = join(world.folder, 'adapters', name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.stateDir = join(folder, 'state');
    this.configFile = join(folder, 'config.json');
    this.logFile = join(folder, 'adapter.log');
    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, this.secret, { mode: 0o600 });
    const config = {
      name,
      oin,
      kind,
      ...(pilot === undefined ? {} : { pilot }),
      system: 'proef',
      gateway: { url: world.gateways[0]?.url, ...world.pki.files(name), caFile: world.pki.caFile },
      transport: brokers ? { kind: 'kafka', brokers } : { kind: 'inbox' },
      contracts: adapterContracts(kind),
      connector: { kind: 'webhook', url: webhookUrl },
      local: { port: 0 },
      secretFile,
      stateDir: this.stateDir,
      delivery: { firstDelayMs: 50, maxDelayMs: 500, ...delivery },
      ...(log && { log }),
      logLevel,
    };
    writeFileSync(this.configFile, JSON.stringify(config), { mode: 0o600 });
  }

  async start(): Promise<void> {
    this.process = await startProcess({
      name: `adapter of ${this.options.name}`,
      command: process.execPath,
      args: ['dist/apps/adapters/src/main.js', this.configFile],
      logFile: this.logFile,
      isReady: (log) => log().includes('adapter ready'),
      readyWithinMs: READY_LIMIT_MS,
    });
    this.localUrl = /adapter ready \S+ (\S+)/.exec(readFileSync(this.logFile, 'utf8'))?.[1] ?? '';
  }

  async status(): Promise<{ readonly transport: { readonly connected: boolean }; readonly parkedCases: number }> {
    const answer = await fetch(`${this.localUrl}/status`, { headers: { authorization: `Bearer ${this.secret}` } });
    return (await answer.json()) as Awaited<ReturnType<AdapterProcess['status']>>;
  }

  /** What it holds against the log. */
  async alarms<Alarm>(): Promise<readonly Alarm[]> {
    const headers = { authorization: `Bearer ${this.secret}` };
    const answer = await fetch(`${this.localUrl}/log-alarms`, { headers });
    return ((await answer.json()) as { alarms: readonly Alarm[] }).alarms;
  }

  /** Its state folder file by file, and its log. */
  everythingLeft(): readonly Place[] {
    const files = readdirSync(this.stateDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const state = files.map((file) => join(file.parentPath, file.name));
    return [...state, this.logFile].map((file) => ({ name: `adapter: ${file}`, text: readFileSync(file, 'utf8') }));
  }

  /** As an operator who has looked at it; returns the status. */
  async acknowledge(id: string): Promise<number> {
    const headers = {
      authorization: `Bearer ${this.secret}`,
      'user-reference': 'beheer-01',
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ id });
    return (await fetch(`${this.localUrl}/log-alarms/_acknowledge`, { method: 'POST', headers, body })).status;
  }

  /** SIGTERM: it finishes what runs. Returns how it ended. */
  async stop(): Promise<string | null> {
    const stopped = this.process;
    this.process = null;
    await stopped?.stop();
    return stopped?.exit() ?? null;
  }

  /** SIGKILL: whatever it was doing. */
  async kill(): Promise<void> {
    if (this.process) process.kill(this.process.pid, 'SIGKILL');
    await this.stop();
  }

  /** As after a lost disk: everything that it remembered is gone. */
  loseState(): void {
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
  }
}
