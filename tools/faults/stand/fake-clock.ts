import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PLACES = '/usr/lib';
const LIBRARY = 'libfaketimeMT.so.1';

/** A process whose clock can be moved while it runs. */
export interface FakeClock {
  /** For the environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds ahead of the true time; within a second the process sees it. */
  set(aheadSeconds: number): Promise<void>;
}

/** Where libfaketime is, or null: Debian's package `libfaketime`. */
export async function findFakeTime(): Promise<string | null> {
  for (const place of await readdir(PLACES).catch(() => [])) {
    const folder = join(PLACES, place, 'faketime');
    const files: readonly string[] = await readdir(folder).catch(() => []);
    if (files.includes(LIBRARY)) return join(folder, LIBRARY);
  }
  return null;
}

/** The wall clock only: a jump of that happens (a wrong time server, a restored image), the monotonic one never jumps. */
export async function openFakeClock(library: string, file: string): Promise<FakeClock> {
  const set = (aheadSeconds: number): Promise<void> =>
    writeFile(file, `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}\n`);
  await set(0);
  return {
    set,
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  };
}
