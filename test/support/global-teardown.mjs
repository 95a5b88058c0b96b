import { rmSync } from 'node:fs';

/** Once after the stories: nothing stays behind. */
export default async function globalTeardown() {
  await globalThis.ketenpoortPostgres?.remove();
  const { folder } = JSON.parse(process.env.KETENPOORT_STORIES ?? '{}');
  if (folder) rmSync(folder, { recursive: true, force: true });
}
