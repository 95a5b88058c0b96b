import type { PublicKey } from '@peculiar/x509';
import { type Certificate, certificateFacts, parseCertificates } from './certificate.js';
import { readPublicFile } from './key-file.js';

/** An authority whose certificates and revocation lists are accepted. */
export interface TrustAnchor {
  readonly certificate: Certificate;
  readonly publicKey: PublicKey;
}

/**
 * The authorities in these PEM files. Intermediate authorities belong in them too: a revocation list is only believed
 * when its issuer stands here.
 * @throws IdentityError `FILE_*`, `CERTIFICATE_MALFORMED`
 */
export async function readTrustAnchors(files: readonly string[]): Promise<TrustAnchor[]> {
  const pems = await Promise.all(files.map((file) => readPublicFile(file)));
  return pems
    .flatMap((pem) => parseCertificates(pem))
    .map((parsed) => ({ certificate: certificateFacts(parsed), publicKey: parsed.publicKey }));
}
