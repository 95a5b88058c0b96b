import { readdir, readFile } from 'node:fs/promises';

/** Of `/proc/<pid>/stat`; the same on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;
const STAT = { ppid: 1, utime: 11, stime: 12, cutime: 13, cstime: 14 } as const;

/** What a process and all below it used since they started. */
export interface Usage {
  readonly cpuSeconds: number;
  /** Bytes that were to reach a disk; null where the system does not tell. */
  readonly writtenBytes: number | null;
}

/** Of a process with its children, those that have ended too. Linux only: elsewhere everything is 0. */
export async function usageOf(pid: number): Promise<Usage> {
  const members = await treeOf(pid);
  const parts = await Promise.all(members.map(async (one) => ({ stat: await statOf(one), io: await writtenBy(one) })));
  const ticks = parts.reduce((sum, { stat }) => sum + (stat ? stat.own + stat.reaped : 0), 0);
  const written = parts.map(({ io }) => io);
  return {
    cpuSeconds: ticks / TICKS_A_SECOND,
    writtenBytes: written.includes(null) ? null : written.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
  };
}

/** Resident memory now, in bytes, of each process of the tree. */
export async function residentOf(pid: number): Promise<readonly number[]> {
  return await Promise.all((await treeOf(pid)).map((one) => statusKilobytes(one, 'VmRSS')));
}

/** Highest resident memory so far, in bytes, of each process of the tree. */
export async function peakResidentOf(pid: number): Promise<readonly number[]> {
  return await Promise.all((await treeOf(pid)).map((one) => statusKilobytes(one, 'VmHWM')));
}

async function treeOf(root: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map(await Promise.all(pids.map(async (pid) => [pid, (await statOf(pid))?.parent] as const)));
  const tree = new Set([root]);
  for (let size = 0; size !== tree.size;) {
    size = tree.size;
    for (const [pid, parent] of parents) if (parent !== undefined && tree.has(parent)) tree.add(pid);
  }
  return [...tree];
}

async function statOf(pid: number): Promise<{ parent: number; own: number; reaped: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The command name may hold spaces and brackets; fields are counted from the last closing bracket.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const at = (place: number): number => fields[place] ?? 0;
  return {
    parent: at(STAT.ppid),
    own: at(STAT.utime) + at(STAT.stime),
    reaped: at(STAT.cutime) + at(STAT.cstime),
  };
}

async function writtenBy(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => null);
  const bytes = /^write_bytes: (\d+)$/m.exec(text ?? '')?.[1];
  return bytes === undefined ? null : Number(bytes);
}

async function statusKilobytes(pid: number, name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1_024;
}
