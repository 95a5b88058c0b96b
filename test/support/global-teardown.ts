import { rmSync } from 'node:fs';
import type { EmbeddedPostgres } from '../../tools/database/embedded-postgres.js';

/** Once after the stories: nothing stays behind. */
export default async function globalTeardown(): Promise<void> {
  const postgres = (globalThis as Record<string, unknown>).ketenpoortPostgres as EmbeddedPostgres | undefined;
  await postgres?.remove();
  const { folder } = JSON.parse(process.env.KETENPOORT_STORIES ?? '{}') as { folder?: string };
  if (folder) rmSync(folder, { recursive: true, force: true });
}
