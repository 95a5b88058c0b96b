import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ManagedProcess, startProcess, stopPid } from '../support/child-process.js';
import { NODE_FLAGS } from '../support/node-flags.js';
import { readLivePidFile, writePidFile } from '../support/pid-file.js';
import type { DemoPaths } from './paths.js';

const READY_WITHIN_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const WATCH_EVERY_MS = 1000;
/** A process that dies more often than this has a fault that restarting only hides. */
const RESTARTS = 5;

export interface ServiceRequest {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly isReady: () => Promise<boolean>;
}

export interface Service {
  stop(): Promise<void>;
}

/** Stops what an earlier demo left running after a crash; it holds the ports and the state that we need. */
export async function stopLeftover(paths: DemoPaths, name: string): Promise<boolean> {
  const pidFile = pidFileOf(paths, name);
  const left = await readLivePidFile(pidFile);
  if (!left) return false;
  await stopPid(left.pid, STOP_LIMIT_MS);
  await rm(pidFile, { force: true });
  return true;
}

/**
 * Starts one of the built applications, waits until it can be used, and starts it again when it dies: nothing may be
 * lost by that (G3), and the demo is where one tries it.
 */
export async function startService(
  paths: DemoPaths,
  request: ServiceRequest,
  report: (text: string) => void,
): Promise<Service> {
  const watched = { process: await launch(paths, request) };
  const stopping = new AbortController();
  const watching = keepAlive(paths, request, watched, stopping.signal, report);
  return {
    stop: async () => {
      stopping.abort();
      await watching;
      await watched.process.stop(STOP_LIMIT_MS);
      await rm(pidFileOf(paths, request.name), { force: true });
    },
  };
}

/** Starts several at once. When one cannot start, those that could are stopped again before it throws. */
export async function startServices(
  paths: DemoPaths,
  requests: readonly ServiceRequest[],
  report: (text: string) => void,
): Promise<Service> {
  const results = await Promise.allSettled(requests.map((request) => startService(paths, request, report)));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((service) => service.stop()));
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { stop };
}

async function keepAlive(
  paths: DemoPaths,
  request: ServiceRequest,
  watched: { process: ManagedProcess },
  stopping: AbortSignal,
  report: (text: string) => void,
): Promise<void> {
  for (let restarts = 0; restarts <= RESTARTS;) {
    await sleep(WATCH_EVERY_MS, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return;
    const exit = watched.process.exit();
    if (exit === null) continue;
    restarts += 1;
    report(`${request.name} ended (${exit}); starting it again`);
    try {
      watched.process = await launch(paths, request);
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
    }
  }
  report(`${request.name} ended more than ${RESTARTS} times; its log is ${join(paths.logs, `${request.name}.log`)}`);
}

async function launch(paths: DemoPaths, request: ServiceRequest): Promise<ManagedProcess> {
  const logFile = join(paths.logs, `${request.name}.log`);
  // The log of the process before this one is where the cause of its end stands.
  await rename(logFile, `${logFile}.1`).catch(() => undefined);
  const started = await startProcess({
    name: request.name,
    command: process.execPath,
    args: [...NODE_FLAGS, request.script, ...request.args],
    cwd: paths.root,
    ...(request.env === undefined ? {} : { env: request.env }),
    logFile,
    isReady: request.isReady,
    readyWithinMs: READY_WITHIN_MS,
    // Own session: Ctrl-C must reach the orchestrator alone, which then stops in order.
    detached: true,
  });
  await writePidFile(pidFileOf(paths, request.name), started.pid, {});
  return started;
}

function pidFileOf(paths: DemoPaths, name: string): string {
  return join(paths.run, `${name}.pid`);
}
