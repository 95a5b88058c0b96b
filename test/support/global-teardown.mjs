import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** Once after the stories: nothing stays behind. */
export default async function globalTeardown() {
  await globalThis.ketenpoortPostgres?.remove();
  const { folder } = JSON.parse(process.env.KETENPOORT_STORIES ?? '{}');
  if (!folder) return;
  await stopSharedBroker(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** The broker outlives the story that started it (test/support/shared-kafka.ts). */
async function stopSharedBroker(folder) {
  const { readLivePidFile } = await import('../../dist/tools/support/pid-file.js');
  const { stopPid } = await import('../../dist/tools/support/child-process.js');
  const broker = await readLivePidFile(join(folder, 'kafka', 'kafka.pid'));
  if (broker) await stopPid(broker.pid);
}
