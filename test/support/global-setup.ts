import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../tools/database/embedded-postgres.js';

/** Once before the stories: the product is built, and one PostgreSQL server runs for all of them. */
export default async function globalSetup(): Promise<void> {
  const built = spawnSync(process.execPath, ['tools/ensure-build.mjs'], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (built.status !== 0) throw new Error('the product could not be built');
  const folder = mkdtempSync(join(tmpdir(), 'ketenpoort-stories-'));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  process.env.KETENPOORT_STORIES = JSON.stringify({
    folder,
    urls: Object.fromEntries(['super', 'owner', 'app'].map((role) => [role, urlPattern(postgres, role)])),
  });
  (globalThis as Record<string, unknown>).ketenpoortPostgres = postgres;
}

/** Addresses with `%` for the database name: workers cannot share the object that makes them. */
function urlPattern(postgres: Awaited<ReturnType<typeof startPostgres>>, role: string): string {
  const url = role === 'super' ? postgres.superUrl('pattern') : role === 'owner' ? postgres.ownerUrl('pattern') : postgres.appUrl('pattern');
  return url.replace(/pattern(?=$|\?)/, '%');
}
