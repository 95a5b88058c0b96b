import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Reserved by nobody else: the last bytes are taken one small file after the other. */
const STEPS_BYTES = [64 * 1024, 4 * 1024] as const;

/** A file system of its own, so that a database can meet its end. */
export interface SmallDisk {
  /** Takes all room that is left. */
  fill(): Promise<void>;
  /** Gives it back. */
  empty(): Promise<void>;
  unmount(): Promise<void>;
}

/**
 * An ext4 file system in a sparse file, mounted on `folder`. Answers why not where this machine has none: it takes root,
 * `mkfs.ext4` and a loop device.
 */
export async function mountSmallDisk(folder: string, sizeBytes: number): Promise<SmallDisk | string> {
  const image = `${folder}.img`;
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(image, '', { mode: 0o600 });
    await truncate(image, sizeBytes);
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-E', 'lazy_itable_init=1,lazy_journal_init=1', image]);
    await run('mount', ['-o', 'loop', image, folder]);
  } catch (error) {
    await rm(image, { force: true });
    const { stderr, message } = error as Error & { stderr?: string };
    return (stderr ?? '').trim() || message;
  }
  await chmod(folder, 0o755);
  const ballast = `${folder}/ballast`;
  return {
    fill: () => fill(folder, ballast),
    empty: () => rm(ballast, { recursive: true, force: true }),
    unmount: async () => {
      await run('umount', [folder]).catch(() => run('umount', ['-l', folder]));
      await rm(image, { force: true });
    },
  };
}

/** Allocated and not written: it takes the room at once and costs the disk below nothing. */
async function fill(folder: string, ballast: string): Promise<void> {
  await mkdir(ballast, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const take = (name: string, bytes: number): Promise<boolean> =>
    run('fallocate', ['-l', String(bytes), `${ballast}/${name}`]).then(
      () => true,
      () => false,
    );
  await take('most', Math.max(bsize, bavail * bsize - 8 * STEPS_BYTES[0]));
  for (const bytes of STEPS_BYTES) for (let n = 0; n < 64 && (await take(`${bytes}-${n}`, bytes)); n += 1);
}
