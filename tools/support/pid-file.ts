import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a pid file holds: the process, something that tells it from a later one with the same number, and notes. */
export interface PidRecord<T> {
  readonly pid: number;
  readonly startToken: string;
  readonly notes: T;
}

/**
 * Start time of a process as the system tells it, or null when there is no such process. A pid alone is not enough:
 * after a reboot the number may belong to someone else, and stopping that would be unforgivable.
 */
export async function startTokenOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets; fields are counted from the last closing bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return state === 'Z' || startTime === undefined ? null : startTime;
  } catch {
    return startTokenFromPs(pid);
  }
}

async function startTokenFromPs(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return null;
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/** Records a running process. Throws when it is already gone. */
export async function writePidFile<T>(file: string, pid: number, notes: T): Promise<void> {
  const startToken = await startTokenOf(pid);
  if (startToken === null) throw new Error(`process ${pid} is gone`);
  const record: PidRecord<T> = { pid, startToken, notes };
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The recorded process if it still runs; null (and the file removed) when it does not. */
export async function readLivePidFile<T>(file: string): Promise<PidRecord<T> | null> {
  let record: PidRecord<T>;
  try {
    record = JSON.parse(await readFile(file, 'utf8')) as PidRecord<T>;
  } catch {
    return null;
  }
  if ((await startTokenOf(record.pid)) === record.startToken) return record;
  await rm(file, { force: true });
  return null;
}
