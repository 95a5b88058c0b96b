import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTokenOf } from './pid-file.js';

const POLL_MS = 50;
const DEFAULT_STOP_LIMIT_MS = 15_000;
/** After SIGKILL the kernel needs a moment; a process that outlives this is stuck in the kernel. */
const KILL_LIMIT_MS = 5_000;
const TAIL_BYTES = 16_384;

export interface StartOptions {
  /** Shown in errors. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Standard output and error; emptied at start. A file and not a pipe, so that the child outlives us unharmed. */
  readonly logFile: string;
  /** Resolves true once the process can be used; asked every 50 ms. */
  readonly isReady: (logText: () => string) => Promise<boolean> | boolean;
  readonly readyWithinMs: number;
  /** Own session: Ctrl-C in the terminal then reaches only us, and we stop the child in our order. */
  readonly detached?: boolean;
}

export interface ManagedProcess {
  readonly pid: number;
  /** Null while it runs, then a description such as `exit code 1` or `signal SIGKILL`. */
  exit(): string | null;
  logTail(lines?: number): string;
  /** SIGTERM, after the limit SIGKILL. Resolves when the process is gone; safe to call twice. */
  stop(limitMs?: number): Promise<void>;
}

/** Last lines of a log file, for error messages; empty when there is none. */
export function tailOf(logFile: string, lines = 20): string {
  if (!existsSync(logFile)) return '';
  const text = readFileSync(logFile).subarray(-TAIL_BYTES).toString('utf8');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Ends a process that may not be our child: SIGTERM, after `limitMs` SIGKILL. True when it went by itself. */
export async function stopPid(pid: number, limitMs = DEFAULT_STOP_LIMIT_MS): Promise<boolean> {
  const token = await startTokenOf(pid);
  const gone = async () => (await startTokenOf(pid)) !== token;
  const until = async (limit: number) => {
    const end = Date.now() + limit;
    while (Date.now() < end) {
      if (await gone()) return true;
      await sleep(POLL_MS);
    }
    return gone();
  };
  if (token === null) return true;
  signal(pid, 'SIGTERM');
  if (await until(limitMs)) return true;
  signal(pid, 'SIGKILL');
  if (!(await until(KILL_LIMIT_MS))) throw new Error(`process ${pid} does not end, not even on SIGKILL`);
  return false;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Starts a process and waits until it is ready. Throws with its last log lines when it ends early or is late; it is
 * stopped then.
 */
export async function startProcess(options: StartOptions): Promise<ManagedProcess> {
  const out = openSync(options.logFile, 'w', 0o600);
  const child = spawn(options.command, [...options.args], {
    stdio: ['ignore', out, out],
    detached: options.detached === true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  closeSync(out);
  let ended: string | null = null;
  const exited = new Promise<void>((resolve) => {
    const end = (how: string) => {
      ended = how;
      resolve();
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, name) => end(name === null ? `exit code ${code}` : `signal ${name}`));
  });
  if (options.detached === true) child.unref();
  const managed: ManagedProcess = {
    pid: child.pid ?? -1,
    exit: () => ended,
    logTail: (lines) => tailOf(options.logFile, lines),
    stop: async (limitMs) => {
      if (ended !== null || child.pid === undefined) return;
      // A detached child does not keep us alive; while we wait for its end it has to.
      child.ref();
      await stopPid(child.pid, limitMs);
      await exited;
    },
  };
  await waitUntilReady(managed, options);
  return managed;
}

async function waitUntilReady(managed: ManagedProcess, options: StartOptions): Promise<void> {
  const end = Date.now() + options.readyWithinMs;
  const logText = () => readFileSync(options.logFile, 'utf8');
  for (;;) {
    await sleep(POLL_MS);
    const exit = managed.exit();
    if (exit !== null) throw new Error(`${options.name} ended at once (${exit}). Last lines:\n${managed.logTail()}`);
    if (await options.isReady(logText)) return;
    if (Date.now() > end) {
      await managed.stop();
      const seconds = options.readyWithinMs / 1000;
      throw new Error(`${options.name} was not ready after ${seconds} s. Last lines:\n${managed.logTail()}`);
    }
  }
}
