import { join } from 'node:path';
import { gatewayEnvironment } from '../../demo/steps/gateway.js';
import { startProcess } from '../../support/child-process.js';
import { freePort } from '../../support/free-port.js';
import { BUSY_NODE_FLAGS } from '../../support/node-flags.js';
import type { Bed, BedDatabase } from './bed.js';

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 25_000;

export interface BenchGateway {
  readonly url: string;
  readonly managementUrl: string;
  readonly pid: number;
  /** From the start of the process to the first `ready`, in ms. */
  readonly startMs: number;
  stop(): Promise<void>;
}

export interface GatewayChoices {
  readonly workers: number;
  /** Publish to the bed's broker as well. */
  readonly withKafka?: boolean;
  /** Folder that gets a CPU profile of the process when it stops. */
  readonly profileTo?: string;
}

/** The built gateway in its own process, configured as in the demo; its log stays in the bed. */
export async function startBenchGateway(
  bed: Bed,
  database: BedDatabase,
  { workers, withKafka = false, profileTo }: GatewayChoices,
): Promise<BenchGateway> {
  const gateway = { agency: await freePort(), public: await freePort(), management: await freePort() };
  const ports = { gateway, adapters: new Map<string, number>(), systems: new Map<string, number>() };
  const broker = withKafka ? await bed.broker() : null;
  const { paths, credentials } = bed;
  const request = { paths, ports, credentials, databaseUrl: database.appUrl, broker: broker && inert(broker.brokers) };
  const managementUrl = `http://127.0.0.1:${gateway.management}`;
  const startedAt = performance.now();
  const profile = profileTo === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileTo];
  const started = await startProcess({
    name: 'gateway',
    command: process.execPath,
    args: [...BUSY_NODE_FLAGS, ...profile, paths.built('gateway')],
    cwd: paths.root,
    // Of the environment the path alone: what somebody exports for a demo, traces say, must not be measured with it.
    env: {
      ...gatewayEnvironment(request, { PATH: process.env.PATH }),
      LOG_LEVEL: 'warn',
      GATEWAY_WORKERS: String(workers),
    },
    logFile: join(paths.logs, `gateway-${database.name}-${gateway.agency}.log`),
    isReady: () =>
      fetch(`${managementUrl}/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      ),
    readyWithinMs: READY_LIMIT_MS,
    detached: true,
  });
  const startMs = performance.now() - startedAt;
  const stop = (): Promise<void> => started.stop(STOP_LIMIT_MS);
  await bed.keep('gateway', { pid: started.pid, stop });
  return { url: `https://localhost:${gateway.agency}`, managementUrl, pid: started.pid, startMs, stop };
}

function inert(brokers: readonly string[]): { brokers: readonly string[]; stop: () => Promise<void> } {
  return { brokers, stop: () => Promise.resolve() };
}
