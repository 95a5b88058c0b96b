import 'reflect-metadata';
import { createHash, createPublicKey } from 'node:crypto';
import { type Name, PemConverter, X509Certificate } from '@peculiar/x509';
import { IdentityError } from './identity-error.js';
import { isOin } from './oin.js';

const SERIAL_NUMBER_ATTRIBUTE = '2.5.4.5';
const MIN_RSA_BITS = 3072;
const STRONG_CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

export type PublicKeyFacts =
  | { readonly kind: 'EC'; readonly curve: string }
  | { readonly kind: 'RSA'; readonly bits: number }
  | { readonly kind: 'OTHER'; readonly name: string };

/** What the product wants to know of a certificate; the chain was checked by TLS, not here. */
export interface Certificate {
  /** From `Subject.serialNumber` (PKI001). Null if absent, malformed or present more than once. */
  readonly oin: string | null;
  readonly organisationName: string | null;
  readonly commonName: string | null;
  /** Comparable names: see `nameKey`. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hex without leading zeros. */
  readonly serial: string;
  /** SHA-256 of the DER, lower-case hex: the key of the peer register. */
  readonly thumbprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: PublicKeyFacts;
}

/**
 * Reads the first certificate of a PEM text, or one DER certificate.
 * @throws IdentityError `CERTIFICATE_MALFORMED`
 */
export function readCertificate(pemOrDer: string | Uint8Array): Certificate {
  const first = readCertificates(pemOrDer)[0];
  if (first === undefined) throw malformed('no certificate found.');
  return first;
}

/** Reads every certificate of a PEM bundle, in order. Errors as `readCertificate`. */
export function readCertificates(pemOrDer: string | Uint8Array): Certificate[] {
  return parseCertificates(pemOrDer).map(certificateFacts);
}

/** The parsed library objects, for those who must verify a signature with them. Errors as `readCertificate`. */
export function parseCertificates(pemOrDer: string | Uint8Array): X509Certificate[] {
  try {
    return derBlocks(pemOrDer, PemConverter.CertificateTag).map((der) => new X509Certificate(der));
  } catch (error) {
    throw malformed(`the certificate cannot be parsed (${(error as Error).message}).`);
  }
}

/** DER blocks with this PEM label; DER input is returned as it is. */
export function derBlocks(pemOrDer: string | Uint8Array, label: string): Uint8Array<ArrayBuffer>[] {
  const text = typeof pemOrDer === 'string' ? pemOrDer : Buffer.from(pemOrDer).toString('latin1');
  if (!text.includes('-----BEGIN ')) return [Uint8Array.from(Buffer.from(text, 'latin1'))];
  return PemConverter.decodeWithHeaders(text)
    .filter((block) => block.type === label)
    .map((block) => new Uint8Array(block.rawData));
}

/** Why the key is too weak for NCSC 2025 (C04), or null. Accepted: P-256, P-384, P-521, RSA from 3072 bits. */
export function keyStrengthProblem(certificate: Certificate): string | null {
  const key = certificate.publicKey;
  if (key.kind === 'EC') return STRONG_CURVES.has(key.curve) ? null : `curve ${key.curve} is not accepted`;
  if (key.kind === 'RSA') return key.bits >= MIN_RSA_BITS ? null : `RSA ${key.bits} bits is less than ${MIN_RSA_BITS}`;
  return `key type ${key.name} is not accepted`;
}

/** Whether the certificate is outside its validity at this instant (milliseconds since 1970). */
export function validityProblem(certificate: Certificate, nowMs: number): 'EXPIRED' | 'NOT_YET_VALID' | null {
  if (nowMs > certificate.notAfter.getTime()) return 'EXPIRED';
  return nowMs < certificate.notBefore.getTime() ? 'NOT_YET_VALID' : null;
}

/**
 * A distinguished name in comparable form. String types differ between a CRL and a certificate of one authority
 * (PrintableString, UTF8String), and a missed match would leave a revoked certificate valid: hence case and spaces fold.
 */
export function nameKey(name: Name): string {
  return name.toString().toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Serial numbers are integers: sign padding is no difference. */
export function serialKey(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/, '');
}

/** The facts of a certificate that the library has parsed. */
export function certificateFacts(parsed: X509Certificate): Certificate {
  const subject = parsed.subjectName;
  const serialNumber = onlyValue(subject, SERIAL_NUMBER_ATTRIBUTE);
  return {
    oin: serialNumber !== null && isOin(serialNumber) ? serialNumber : null,
    organisationName: onlyValue(subject, 'O'),
    commonName: onlyValue(subject, 'CN'),
    subject: nameKey(subject),
    issuer: nameKey(parsed.issuerName),
    serial: serialKey(parsed.serialNumber),
    thumbprint: createHash('sha256').update(new Uint8Array(parsed.rawData)).digest('hex'),
    notBefore: parsed.notBefore,
    notAfter: parsed.notAfter,
    publicKey: publicKeyOf(parsed),
  };
}

/** Two values of one attribute are an ambiguity, and who is calling may not be ambiguous. */
function onlyValue(name: Name, attribute: string): string | null {
  const values = name.toJSON().flatMap((part) => part[attribute] ?? []);
  return values.length === 1 ? (values[0] ?? null) : null;
}

function publicKeyOf(parsed: X509Certificate): PublicKeyFacts {
  try {
    const key = createPublicKey({ key: Buffer.from(parsed.publicKey.rawData), format: 'der', type: 'spki' });
    const details = key.asymmetricKeyDetails;
    if (key.asymmetricKeyType === 'ec') return { kind: 'EC', curve: details?.namedCurve ?? 'unknown' };
    if (key.asymmetricKeyType === 'rsa') return { kind: 'RSA', bits: details?.modulusLength ?? 0 };
    return { kind: 'OTHER', name: key.asymmetricKeyType ?? 'unknown' };
  } catch {
    // A key that OpenSSL does not know cannot be used in a handshake either.
    return { kind: 'OTHER', name: 'unknown' };
  }
}

function malformed(detail: string): IdentityError {
  return new IdentityError('CERTIFICATE_MALFORMED', `Certificate: ${detail}`, 'Give a certificate in PEM or DER form.');
}
