import { migrate } from '../../apps/gateway/src/storage/data-source.js';
import type { DemoPaths } from '../../tools/demo/paths.js';
import { loadRegister } from '../../tools/demo/steps/register.js';
import type { DemoPki } from '../../tools/pki/demo-pki.js';

/** Makes of an empty database what the template of the run is; for a story with a database server of its own. */
export async function fillDatabase(ownerUrl: string, pki: DemoPki): Promise<void> {
  await migrate(ownerUrl);
  await loadRegister({ root: process.cwd() } as DemoPaths, ownerUrl, pki);
}
