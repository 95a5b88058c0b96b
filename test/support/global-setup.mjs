import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Once before the stories: the product is built, and one PostgreSQL server runs for all of them. */
export default async function globalSetup() {
  const built = spawnSync(process.execPath, ['tools/ensure-build.mjs'], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (built.status !== 0) throw new Error('the product could not be built');
  const { startPostgres } = await import('../../dist/tools/database/embedded-postgres.js');
  const folder = mkdtempSync(join(tmpdir(), 'ketenpoort-stories-'));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  // Addresses with `%` for the database name: each story has a database of its own.
  const pattern = (url) => url.replace(/pattern(?=$|\?)/, '%');
  const urls = {
    super: pattern(postgres.superUrl('pattern')),
    owner: pattern(postgres.ownerUrl('pattern')),
    app: pattern(postgres.appUrl('pattern')),
    retention: pattern(postgres.retentionUrl('pattern')),
    reader: pattern(postgres.readerUrl('pattern')),
  };
  process.env.KETENPOORT_STORIES = JSON.stringify({ folder, urls });
  globalThis.ketenpoortPostgres = postgres;
}
