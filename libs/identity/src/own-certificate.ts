import { X509Certificate } from 'node:crypto';
import { type Certificate, keyStrengthProblem, readCertificate, validityProblem } from './certificate.js';
import { IdentityError } from './identity-error.js';
import { readPrivateKey, readPublicFile } from './key-file.js';

export interface OwnCertificateFiles {
  /** PEM: own certificate first, then the intermediate authorities that the other side may lack. */
  readonly certFile: string;
  readonly keyFile: string;
}

export interface OwnCertificate {
  readonly certificate: Certificate;
  readonly certPem: Buffer;
  readonly keyPem: string;
}

/**
 * Reads a certificate of ours and its key, and checks what would otherwise show only at a handshake: valid now, strong
 * key (C04), and the private key that belongs to it.
 * @param nowMs instant at which it must be valid, milliseconds since 1970
 * @throws IdentityError `FILE_*`, `KEY_*`, `CERTIFICATE_*`
 */
export async function readOwnCertificate(files: OwnCertificateFiles, nowMs: number): Promise<OwnCertificate> {
  const certPem = await readPublicFile(files.certFile);
  const certificate = readCertificate(certPem);
  const { pem: keyPem, key } = await readPrivateKey(files.keyFile);
  assertValid(certificate, files.certFile, nowMs);
  const weakness = keyStrengthProblem(certificate);
  if (weakness !== null) {
    throw new IdentityError(
      'KEY_TOO_WEAK',
      `Certificate ${files.certFile}: ${weakness}.`,
      'Request a certificate with a P-256 key or an RSA key of at least 3072 bits.',
    );
  }
  if (!new X509Certificate(certPem).checkPrivateKey(key)) {
    throw new IdentityError(
      'KEY_MISMATCH',
      `Key file ${files.keyFile} does not belong to certificate ${files.certFile}.`,
      'Configure the certificate and the key that were issued together.',
    );
  }
  return { certificate, certPem, keyPem };
}

function assertValid(certificate: Certificate, file: string, nowMs: number): void {
  const problem = validityProblem(certificate, nowMs);
  if (problem === 'EXPIRED') {
    throw new IdentityError(
      'CERTIFICATE_EXPIRED',
      `Certificate ${file} expired on ${certificate.notAfter.toISOString()}.`,
      'Install a renewed certificate.',
    );
  }
  if (problem === 'NOT_YET_VALID') {
    throw new IdentityError(
      'CERTIFICATE_NOT_YET_VALID',
      `Certificate ${file} is valid from ${certificate.notBefore.toISOString()}.`,
      'Check the clock of this machine, or use the certificate that is valid now.',
    );
  }
}
