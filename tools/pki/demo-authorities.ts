import { type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from './authority.js';
import { isCurrent } from './issued-files.js';
import { writeAtomically } from './private-files.js';

const AUTHORITY_DAYS = 3650;

const COMMON_NAMES = {
  ca: 'Ketenpoort proef-CA organisaties',
  // Persons have an authority of their own, so that no personal certificate can pass for that of an organisation.
  'officers-ca': 'Ketenpoort proef-CA functionarissen',
} as const;

/** File name of an authority of the demo. */
export type AuthorityName = keyof typeof COMMON_NAMES;

/** Makes this authority of the demo when it is missing, broken or about to expire. */
export async function ensureAuthority(dir: string, name: AuthorityName): Promise<void> {
  const files = { certFile: join(dir, `${name}.crt`), keyFile: join(dir, `${name}.key`) };
  const ownKey = await certifiedKey(files.certFile).catch(() => undefined);
  if (ownKey === undefined || !(await isCurrent(files, ownKey, undefined))) {
    const issued = await createAuthority(COMMON_NAMES[name], AUTHORITY_DAYS);
    await writeAtomically(files.keyFile, issued.keyPem, 0o600);
    await writeAtomically(files.certFile, issued.certPem, 0o644);
  }
}

/** The public key that a certificate file holds. */
export async function certifiedKey(certFile: string): Promise<KeyObject> {
  return new X509Certificate(await readFile(certFile)).publicKey;
}
