import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Once after the stories: nothing stays behind. */
export default async function globalTeardown() {
  await globalThis.ketenpoortPostgres?.remove();
  const { folder } = JSON.parse(process.env.KETENPOORT_STORIES ?? '{}');
  if (!folder) return;
  await stopSharedBrokers(join(folder, 'kafka'));
  rmSync(folder, { recursive: true, force: true });
}

/** Brokers outlive the story that started them (test/support/shared-kafka.ts). */
async function stopSharedBrokers(folder) {
  const { readLivePidFile } = await import('../../dist/tools/support/pid-file.js');
  const { stopPid } = await import('../../dist/tools/support/child-process.js');
  for (const worker of existsSync(folder) ? readdirSync(folder) : []) {
    const broker = await readLivePidFile(join(folder, worker, 'broker', 'kafka.pid'));
    if (broker) await stopPid(broker.pid);
  }
}
