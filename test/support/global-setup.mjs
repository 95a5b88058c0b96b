import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A migrated database, and one with the demo's register besides: each story gets a copy of one of them. */
const SCHEMA_TEMPLATE = 'story_schema';
const TEMPLATE = 'story_register';

/**
 * Once before the stories: the product is built, one PostgreSQL server runs for all of them, and what each needs a copy
 * of is made: the certificates, and the database that holds them in its register.
 */
export default async function globalSetup() {
  const built = spawnSync(process.execPath, ['tools/ensure-build.mjs'], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (built.status !== 0) throw new Error('the product could not be built');
  await import('reflect-metadata');
  const { startPostgres } = await import('../../dist/tools/database/embedded-postgres.js');
  const { createDatabase } = await import('../../dist/tools/database/database-roles.js');
  const { migrate } = await import('../../dist/apps/gateway/src/storage/data-source.js');
  const { ensureDemoPki } = await import('../../dist/tools/pki/demo-pki.js');
  const { loadRegister } = await import('../../dist/tools/demo/steps/register.js');
  const folder = mkdtempSync(join(tmpdir(), 'ketenpoort-stories-'));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  globalThis.ketenpoortPostgres = postgres;
  const pkiDir = join(folder, 'pki');
  const pki = await ensureDemoPki(pkiDir);
  await postgres.createDatabase(SCHEMA_TEMPLATE);
  await migrate(postgres.ownerUrl(SCHEMA_TEMPLATE));
  await createDatabase(postgres.superUrl('postgres'), TEMPLATE, SCHEMA_TEMPLATE);
  await loadRegister({ root: process.cwd() }, postgres.ownerUrl(TEMPLATE), pki);
  // Addresses with `%` for the database name: each story has a database of its own.
  const pattern = (url) => url.replace(/pattern(?=$|\?)/, '%');
  const urls = {
    super: pattern(postgres.superUrl('pattern')),
    owner: pattern(postgres.ownerUrl('pattern')),
    app: pattern(postgres.appUrl('pattern')),
    retention: pattern(postgres.retentionUrl('pattern')),
    reader: pattern(postgres.readerUrl('pattern')),
  };
  process.env.KETENPOORT_STORIES = JSON.stringify({
    folder,
    urls,
    schemaTemplate: SCHEMA_TEMPLATE,
    template: TEMPLATE,
    pkiDir,
  });
}
