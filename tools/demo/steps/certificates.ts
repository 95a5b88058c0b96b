import { type DemoPki, ensureDemoPki } from '../../pki/demo-pki.js';
import { ensureSecrets, type SecretFiles } from '../../pki/secrets.js';
import type { DemoPaths } from '../paths.js';

export interface Credentials {
  readonly pki: DemoPki;
  readonly secrets: SecretFiles;
}

/** Certificates for every peer and officer, and the gateway's secrets; what is there and current stays. */
export async function prepareCredentials(paths: DemoPaths): Promise<Credentials> {
  return { pki: await ensureDemoPki(paths.pki), secrets: await ensureSecrets(paths.secrets) };
}
