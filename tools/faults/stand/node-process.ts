import { join } from 'node:path';
import { type ManagedProcess, startProcess, type StartOptions } from '../../support/child-process.js';
import { NODE_FLAGS } from '../../support/node-flags.js';
import { Victim } from './victim.js';

const READY_WITHIN_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

export interface NodeProcess {
  readonly name: string;
  /** Built script with its arguments. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Each start writes a log of its own there: `<name>.<n>.log`. */
  readonly logs: string;
  readonly isReady: StartOptions['isReady'];
}

/** Starts one of the built applications and waits until it can be used. */
export async function startNode({ name, args, env, logs, isReady }: NodeProcess): Promise<Victim> {
  let starts = 0;
  let running: ManagedProcess | null = null;
  const start = async (): Promise<void> => {
    starts += 1;
    running = null;
    running = await startProcess({
      name,
      command: process.execPath,
      args: [...NODE_FLAGS, ...args],
      env,
      logFile: join(logs, `${name}.${starts}.log`),
      isReady,
      readyWithinMs: READY_WITHIN_MS,
      // Ctrl-C must reach the orchestrator alone, which then stops in order.
      detached: true,
    });
  };
  await start();
  return new Victim(name, {
    pid: () => Promise.resolve(running && running.exit() === null ? running.pid : null),
    start,
    stop: async () => {
      await running?.stop(STOP_LIMIT_MS);
    },
    ending: () => running?.exit() ?? '',
  });
}
