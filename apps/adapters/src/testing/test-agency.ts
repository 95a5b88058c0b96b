import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CATALOGUE, IND_PART } from './contracts.js';
import type { LoadedConfig } from '../config/read-config.js';
import { loadConfig } from '../config/read-config.js';

export const SECRET = 'a-secret-that-is-long-enough-to-serve';
export const AMS_OIN = '00000099000000000101';

export interface Certificates {
  /** Removed by the test when it is done, and with it all that is made in it. */
  readonly dir: string;
  readonly caFile: string;
  files(name: string): { readonly certFile: string; readonly keyFile: string };
}

/** Writes a complete configuration for the municipality of Amsterdam into a folder of its own. */
export async function writeAgency(pki: Certificates, change: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = await mkdtemp(join(pki.dir, 'agency-'));
  await mkdir(join(folder, 'state'));
  await writeFile(join(folder, 'secret'), `${SECRET}\n`, { mode: 0o600 });
  const config = {
    name: 'ams',
    oin: AMS_OIN,
    kind: 'MUNICIPALITY',
    pilot: 'AMS',
    system: 'zaaksysteem',
    gateway: { url: 'https://localhost:1', ...pki.files('ams'), caFile: pki.caFile },
    transport: { kind: 'inbox' },
    contracts: { [IND_PART.type]: { purpose: 'P03', processingActivity: 'https://register.example/verwerkingen/7' } },
    connector: { kind: 'folder', path: 'drop' },
    local: { port: 0 },
    secretFile: 'secret',
    stateDir: 'state',
    delivery: { tries: 2, firstDelayMs: 10, maxDelayMs: 50 },
    logLevel: 'silent',
    ...change,
  };
  const file = join(folder, 'ams.json');
  await writeFile(file, JSON.stringify(config));
  return file;
}

export async function loadAgency(
  pki: Certificates,
  change: Readonly<Record<string, unknown>> = {},
): Promise<LoadedConfig> {
  return loadConfig(await writeAgency(pki, change), CATALOGUE);
}
