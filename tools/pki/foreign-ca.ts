import { join } from 'node:path';
import { ROSTER } from '../demo/roster.js';
import { BACKDATE_MS, createAuthority, issueLeaf, loadAuthority } from './authority.js';
import type { IssuedFiles } from './demo-pki.js';
import { ensurePrivateFolder, writeAtomically } from './private-files.js';

const DAYS = 30;

/**
 * For tests: a client certificate with the OIN of a registered peer, from an authority that nobody trusts. Writes
 * `other-ca.crt`, `other-ca.key`, `other-ca-client.crt` and `other-ca-client.key` into `dir`.
 */
export async function issueForeignClient(dir: string): Promise<IssuedFiles & { readonly caFile: string }> {
  await ensurePrivateFolder(dir);
  const file = (name: string) => join(dir, name);
  const ca = await createAuthority('Andere proef-CA', DAYS);
  await writeAtomically(file('other-ca.key'), ca.keyPem, 0o600);
  await writeAtomically(file('other-ca.crt'), ca.certPem, 0o644);
  const authority = await loadAuthority(file('other-ca.crt'), file('other-ca.key'));
  const [first] = ROSTER;
  const client = await issueLeaf(authority, {
    subject: [
      { '2.5.4.5': [first?.oin ?? ''] },
      { O: [first?.title ?? ''] },
      { CN: ['other-ca-client.ketenpoort.test'] },
      { C: ['NL'] },
    ],
    notBefore: new Date(Date.now() - BACKDATE_MS),
    days: DAYS,
  });
  await writeAtomically(file('other-ca-client.key'), client.keyPem, 0o600);
  await writeAtomically(file('other-ca-client.crt'), client.certPem, 0o644);
  return { caFile: file('other-ca.crt'), certFile: file('other-ca-client.crt'), keyFile: file('other-ca-client.key') };
}
