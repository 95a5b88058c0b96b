import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Renewed this long before the end, so that a demo which runs on for weeks does not break. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

/**
 * Whether certificate and key can be used as they stand: readable, belonging together, issued by this authority for
 * this OIN, and not about to expire.
 * Node's own parser does it: the demo asks this of every certificate at every start, and it is ten times faster.
 * @param authority public key of the issuer; for an authority itself, its own
 */
export async function isCurrent(
  files: { readonly certFile: string; readonly keyFile: string },
  authority: KeyObject,
  oin: string | undefined,
): Promise<boolean> {
  try {
    const [pem, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
    const certificate = new X509Certificate(pem);
    const subject = certificate.subject.split('\n');
    return (
      (oin === undefined || subject.includes(`serialNumber=${oin}`)) &&
      Date.parse(certificate.validTo) - Date.now() > RENEW_BEFORE_MS &&
      certificate.verify(authority) &&
      certificate.checkPrivateKey(createPrivateKey(key))
    );
  } catch {
    // Missing or broken files are issued anew: nothing of the demo depends on the old ones.
    return false;
  }
}
