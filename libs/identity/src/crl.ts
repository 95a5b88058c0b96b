import 'reflect-metadata';
import { X509Crl } from '@peculiar/x509';
import { derBlocks, nameKey, serialKey } from './certificate.js';
import { IdentityError } from './identity-error.js';
import type { TrustAnchor } from './trust-anchors.js';

/** RFC 7468, 6. The library's own label is `CRL`, which no other tool reads or writes. */
export const CRL_LABEL = 'X509 CRL';
const SEQUENCE_TAG = 0x30;

/** One list whose signature was checked against the anchor that issued it. */
export interface VerifiedCrl {
  /** Comparable name of the issuer, as in `Certificate.issuer`. */
  readonly issuer: string;
  /** Thumbprint of the anchor: one name may have two keys while an authority changes its key. */
  readonly anchor: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly serials: ReadonlySet<string>;
}

/**
 * Parses and verifies revocation lists (RFC 5280, 5): DER or PEM, several one after another.
 * @throws IdentityError `CRL_MALFORMED`, `CRL_UNTRUSTED` (unknown issuer or wrong signature), `CRL_UNSUPPORTED`
 */
export async function readCrls(pemOrDer: Uint8Array, anchors: readonly TrustAnchor[]): Promise<VerifiedCrl[]> {
  const lists = parseCrls(pemOrDer);
  if (lists.length === 0) throw malformed('it holds no list');
  return await Promise.all(lists.map((list) => verifyCrl(list, anchors)));
}

function parseCrls(pemOrDer: Uint8Array): X509Crl[] {
  try {
    return derBlocks(pemOrDer, CRL_LABEL)
      .flatMap(splitDer)
      .map((der) => new X509Crl(der));
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

async function verifyCrl(list: X509Crl, anchors: readonly TrustAnchor[]): Promise<VerifiedCrl> {
  const issuer = nameKey(list.issuerName);
  // Delta and partial lists mark themselves with a critical extension; read as a full list they would hide revocations.
  const critical = list.extensions.find((extension) => extension.critical);
  if (critical !== undefined) throw unsupported(list, `critical extension ${critical.type}`);
  if (list.nextUpdate === undefined) throw unsupported(list, 'no nextUpdate, so its age cannot be judged');
  for (const anchor of anchors.filter((candidate) => candidate.certificate.subject === issuer)) {
    if (!(await signedBy(list, anchor))) continue;
    return {
      issuer,
      anchor: anchor.certificate.thumbprint,
      thisUpdate: list.thisUpdate,
      nextUpdate: list.nextUpdate,
      serials: new Set(list.entries.map((entry) => serialKey(entry.serialNumber))),
    };
  }
  throw new IdentityError(
    'CRL_UNTRUSTED',
    `The revocation list of "${list.issuer}" is not signed by a configured trust anchor.`,
    'Fetch it again, or add the issuing authority to the trust anchors.',
  );
}

async function signedBy(list: X509Crl, anchor: TrustAnchor): Promise<boolean> {
  try {
    return await list.verify({ publicKey: anchor.publicKey });
  } catch {
    // A signature that cannot be decoded is a wrong signature.
    return false;
  }
}

/** Splits concatenated DER structures by their own lengths. */
function splitDer(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + derLength(bytes, start);
    if (bytes[start] !== SEQUENCE_TAG || end > bytes.length) throw new Error('broken or incomplete DER');
    parts.push(Uint8Array.from(bytes.subarray(start, end)));
    start = end;
  }
  return parts;
}

/** Length of tag, length octets and content (X.690, 8.1.3); lists longer than 2^32 bytes do not occur. */
function derLength(bytes: Uint8Array, start: number): number {
  const first = bytes[start + 1] ?? 0;
  if (first < 0x80) return 2 + first;
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw new Error('broken DER length');
  const content = bytes.subarray(start + 2, start + 2 + octets).reduce((length, octet) => length * 256 + octet, 0);
  return 2 + octets + content;
}

function malformed(cause: string): IdentityError {
  return new IdentityError(
    'CRL_MALFORMED',
    `The revocation list cannot be read (${cause}).`,
    'Fetch it again from the authority.',
  );
}

function unsupported(list: X509Crl, cause: string): IdentityError {
  return new IdentityError(
    'CRL_UNSUPPORTED',
    `The revocation list of "${list.issuer}" cannot be used: ${cause}.`,
    'Give the full revocation list of the authority, not a delta or partial one.',
  );
}
