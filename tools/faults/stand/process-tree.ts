import { readdir, readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;
/** After SIGKILL the kernel has to write back and free; longer than this is a process stuck in the kernel. */
const GONE_LIMIT_MS = 20_000;

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** A process and all that descend from it, parents first. Linux only: it reads /proc. */
export async function treeOf(root: number): Promise<readonly number[]> {
  const all = await processes();
  const tree = all.some(({ pid }) => pid === root) ? [root] : [];
  for (const parent of tree) for (const one of all) if (one.parent === parent) tree.push(one.pid);
  return tree;
}

/** Stops the clock of a process and its children: the parent first, so that it makes no more of them. */
export async function freezeTree(root: number): Promise<readonly number[]> {
  signal(root, 'SIGSTOP');
  const tree = await treeOf(root);
  for (const pid of tree) signal(pid, 'SIGSTOP');
  return tree;
}

export function thaw(pids: readonly number[]): void {
  for (const pid of [...pids].reverse()) signal(pid, 'SIGCONT');
}

/**
 * kill -9 of a process and its children, at one moment as far as they can tell. Resolves when all are gone, and their
 * numbers with them: PostgreSQL takes a number that its parent has not taken notice of for a server that still runs.
 */
export async function killTree(root: number): Promise<void> {
  const tree = await freezeTree(root);
  for (const pid of tree) signal(pid, 'SIGKILL');
  for (const end = Date.now() + GONE_LIMIT_MS; await anyIsLeft(tree); await sleep(POLL_MS))
    if (Date.now() > end) throw new Error(`process ${root} does not end, not even on SIGKILL`);
}

export async function lives(pid: number): Promise<boolean> {
  return (await readProcess(String(pid))) !== null;
}

async function anyIsLeft(pids: readonly number[]): Promise<boolean> {
  const left = await Promise.all(pids.map((pid) => stat(`/proc/${pid}`).then(Boolean, () => false)));
  return left.some(Boolean);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function processes(): Promise<readonly Process[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(numbers.map(readProcess))).filter((one) => one !== null);
}

/** Null when there is no such process, or only what its parent has not taken notice of yet. */
async function readProcess(number: string): Promise<Process | null> {
  const text = await readFile(`/proc/${number}/stat`, 'utf8').catch(() => '');
  // The name may hold spaces and brackets: count from the last bracket.
  const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (text === '' || state === 'Z' || state === 'X') return null;
  return { pid: Number(number), parent: Number(parent) };
}
