import { execFile } from 'node:child_process';
import { arch, cpus, freemem, loadavg, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import pg from 'pg';
import { KAFKA_VERSION } from '../broker/broker-config.js';
import { BRIDGE_VERSION } from './rivals/bridge.js';
import { nginxVersion } from './rivals/nginx.js';

const run = promisify(execFile);
const GIGABYTE = 1e9;
const BUSY_LOAD_A_CORE = 0.5;

/** What a figure must be read with. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly freeGigabytes: number;
  readonly kernel: string;
  /** Over the last minute, before the first measure. */
  readonly loadBefore: number;
  readonly versions: Readonly<Record<string, string>>;
}

export async function describeMachine(superUrl: string): Promise<Machine> {
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  const { rows } = await client.query<{ version: string; flags: string; pages: string | null }>(
    `SELECT current_setting('server_version') AS version, setting AS flags,
      current_setting('huge_pages_status', true) AS pages FROM pg_config WHERE name = 'CFLAGS'`,
  );
  await client.end();
  const [server] = rows;
  const commit = await run('git', ['rev-parse', '--short', 'HEAD']).catch(() => null);
  const [core] = cpus();
  return {
    cpu: core?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: totalmem() / GIGABYTE,
    freeGigabytes: freemem() / GIGABYTE,
    kernel: `${type()} ${release()} ${arch()}`,
    loadBefore: loadavg()[0] ?? 0,
    versions: {
      ketenpoort: commit?.stdout.trim() ?? 'not in git',
      node: process.version,
      openssl: process.versions.openssl,
      // How it was compiled makes a seventh of its speed, and pages of 2 MB for its memory a twentieth.
      postgresql: server ? `${server.version} ${/-O\S/.exec(server.flags)?.[0] ?? ''}`.trim() : 'unknown',
      'huge pages': server?.pages ?? 'unknown',
      kafka: KAFKA_VERSION,
      nginx: (await nginxVersion()) ?? 'none',
      bridge: BRIDGE_VERSION,
    },
  };
}

/** Whether something else had so much work that absolute figures say little. */
export function wasBusy({ loadBefore, cores }: Machine): boolean {
  return loadBefore > BUSY_LOAD_A_CORE * cores;
}

/** One line for the head of a report. */
export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGigabytes, kernel, loadBefore, versions } = machine;
  const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `${cpu}, ${cores} cores, ${memoryGigabytes.toFixed(0)} GB, ${kernel}; load before: ${loadBefore.toFixed(2)}; ` +
    parts.join(', ')
  );
}
