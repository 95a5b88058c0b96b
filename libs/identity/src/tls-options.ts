import { constants } from 'node:crypto';
import type { ConnectionOptions, SecureContextOptions, TlsOptions } from 'node:tls';
import { readPublicFile } from './key-file.js';
import { type OwnCertificateFiles, readOwnCertificate } from './own-certificate.js';

/** NCSC 2025 "good" and "sufficient": TLS 1.3 suites, then ECDHE with AEAD. No CBC, DHE or static RSA (C02). */
export const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

const CURVES = 'X25519:P-256:P-384:P-521';

/** SHA-256 and better only: SHA-1 is insufficient and SHA-224 is being phased out. */
const SIGNATURE_ALGORITHMS = [
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'rsa_pkcs1_sha384',
  'rsa_pkcs1_sha512',
].join(':');

/** Node waits 120 s by default, which lets a caller without a certificate hold many sockets. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

export interface TlsFiles extends OwnCertificateFiles {
  /** PEM files with the trust anchors of the other side. */
  readonly caFiles: readonly string[];
}

/** Fits `https.createServer`, `tls.createServer` and Fastify's `https`. */
export type ServerTlsOptions = SecureContextOptions & TlsOptions;

/**
 * Options for a mutually authenticated server: a client without a certificate of the anchors cannot finish the
 * handshake (TLS001-006, C01, C02, C04). 0-RTT needs no switch: Node has no server side of it.
 * @param nowMs instant at which the own certificate must be valid, milliseconds since 1970
 * @throws IdentityError `FILE_*`, `KEY_*`, `CERTIFICATE_*`
 */
export async function serverTlsOptions(files: TlsFiles, nowMs = Date.now()): Promise<ServerTlsOptions> {
  return {
    ...(await commonOptions(files, nowMs)),
    honorCipherOrder: true,
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  };
}

/**
 * Options for a client that shows its own certificate and verifies the server's. Parameters and errors as
 * `serverTlsOptions`.
 */
export async function clientTlsOptions(files: TlsFiles, nowMs = Date.now()): Promise<ConnectionOptions> {
  return { ...(await commonOptions(files, nowMs)), rejectUnauthorized: true };
}

async function commonOptions(files: TlsFiles, nowMs: number) {
  const own = await readOwnCertificate(files, nowMs);
  return {
    cert: own.certPem,
    key: own.keyPem,
    ca: await Promise.all(files.caFiles.map((file) => readPublicFile(file))),
    minVersion: 'TLSv1.2' as const,
    maxVersion: 'TLSv1.3' as const,
    ciphers: CIPHERS,
    ecdhCurve: CURVES,
    sigalgs: SIGNATURE_ALGORITHMS,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
  };
}
