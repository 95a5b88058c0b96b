import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readLivePidFile, writePidFile } from '../../support/pid-file.js';
import type { DemoPaths } from '../paths.js';
import { stopLeftover } from '../service.js';

/** Private folders: keys, books and logs of the demo are nobody else's. */
const FOLDERS = ['pki', 'secrets', 'adapters', 'agencies', 'logs', 'run'] as const;

/**
 * Makes the folders under `.ketenpoort/` and takes the place of an earlier demo: one that still runs is an error, what a
 * crashed one left running is stopped. Answers how many leftovers that were.
 */
export async function prepareState(paths: DemoPaths): Promise<number> {
  for (const app of ['gateway', 'adapters', 'agencies'] as const) {
    await access(paths.built(app)).catch(() => {
      throw new Error(`${paths.built(app)} is missing: run "npm run build" first`);
    });
  }
  // The state folder itself stays passable: the account of the database server has to get through it.
  await mkdir(paths.state, { recursive: true, mode: 0o755 });
  for (const folder of FOLDERS) await mkdir(paths[folder], { recursive: true, mode: 0o700 });
  const own = join(paths.state, 'demo.pid');
  const running = await readLivePidFile(own);
  if (running) throw new Error(`a demo is running already (process ${running.pid}); stop that one first`);
  const leftovers = (await readdir(paths.run))
    .filter((file) => file.endsWith('.pid'))
    .map((file) => basename(file, '.pid'));
  let stopped = 0;
  for (const name of leftovers) if (await stopLeftover(paths, name)) stopped += 1;
  await writePidFile(own, process.pid, {});
  return stopped;
}

export async function releaseState(paths: DemoPaths): Promise<void> {
  await rm(join(paths.state, 'demo.pid'), { force: true });
}
