import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509';
import { CRL_LABEL } from '#identity/crl.js';

const DAY_MS = 86_400_000;
const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const DER_NULL = new Uint8Array([5, 0]);
/** Back-dated, so that a machine whose clock is behind, if only for a drill, accepts a fresh certificate. */
export const BACKDATE_MS = 2 * 3_600_000;

export interface Authority {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

export interface Issued {
  readonly certPem: string;
  readonly keyPem: string;
}

/** `RSA-2048` exists to prove that it is refused (C04). */
export type KeyType = 'P-256' | 'RSA-2048' | 'RSA-3072';

export interface LeafRequest {
  readonly subject: JsonName;
  /** DNS names and IP addresses of a server; a client has none. */
  readonly hosts?: { readonly dns: readonly string[]; readonly ip: readonly string[] };
  readonly notBefore: Date;
  readonly days: number;
  readonly keyType?: KeyType;
  /** Default: of a server and a client with hosts, of a client without. `server` exists to be refused as a client. */
  readonly usage?: 'server';
}

/** A self-signed P-256 authority for demo and tests. */
export async function createAuthority(commonName: string, days: number): Promise<Issued> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const notBefore = new Date(Date.now() - BACKDATE_MS);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [commonName] }, { O: ['Ketenpoort proefomgeving'] }, { C: ['NL'] }],
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * DAY_MS),
    keys,
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: `${certificate.toString('pem')}\n`, keyPem: await privateKeyPem(keys.privateKey) };
}

/** Reads an authority back from its files. */
export async function loadAuthority(certFile: string, keyFile: string): Promise<Authority> {
  const der = createPrivateKey(await readFile(keyFile)).export({ type: 'pkcs8', format: 'der' });
  return {
    certificate: new X509Certificate(await readFile(certFile, 'utf8')),
    key: await webcrypto.subtle.importKey('pkcs8', der, EC, false, ['sign']),
  };
}

/** Issues a leaf: a server (which is also a client, towards the broker) when it has hosts, else a client. */
export async function issueLeaf(authority: Authority, request: LeafRequest): Promise<Issued> {
  const keys = await generateLeafKeys(request.keyType ?? 'P-256');
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: request.subject,
    issuer: authority.certificate.subjectName,
    notBefore: request.notBefore,
    notAfter: new Date(request.notBefore.getTime() + request.days * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: SIGNING,
    extensions: await leafExtensions(authority, keys.publicKey, request),
  });
  return { certPem: `${certificate.toString('pem')}\n`, keyPem: await privateKeyPem(keys.privateKey) };
}

/** Signs a full revocation list (PEM) of this authority. Serial numbers are hex. */
export async function signCrl(
  authority: Authority,
  revoked: readonly { readonly serial: string; readonly at: Date }[],
  period: { readonly thisUpdate: Date; readonly nextUpdate: Date },
  /** Object identifier of a critical extension, which says that the list must not be read as a full one. */
  critical?: string,
): Promise<string> {
  const crl = await X509CrlGenerator.create({
    issuer: authority.certificate.subjectName,
    ...period,
    // Always with a reason: without one the library writes an empty extension list, which RFC 5280 forbids.
    entries: revoked.map(({ serial, at }) => ({
      serialNumber: serial,
      revocationDate: at,
      reason: X509CrlReason.privilegeWithdrawn,
    })),
    extensions: [
      await AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      ...(critical === undefined ? [] : [new Extension(critical, true, DER_NULL)]),
    ],
    signingAlgorithm: SIGNING,
    signingKey: authority.key,
  });
  return `${PemConverter.encode(crl.rawData, CRL_LABEL)}\n`;
}

async function leafExtensions(
  authority: Authority,
  publicKey: webcrypto.CryptoKey,
  request: LeafRequest,
): Promise<Extension[]> {
  const extensions = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(usagesOf(request)),
    await SubjectKeyIdentifierExtension.create(publicKey),
    await AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
  ];
  if (request.hosts === undefined) return extensions;
  const names = [
    ...request.hosts.dns.map((value) => ({ type: 'dns' as const, value })),
    ...request.hosts.ip.map((value) => ({ type: 'ip' as const, value })),
  ];
  return [...extensions, new SubjectAlternativeNameExtension(names)];
}

function usagesOf({ hosts, usage }: LeafRequest): ExtendedKeyUsage[] {
  if (usage === 'server') return [ExtendedKeyUsage.serverAuth];
  if (hosts === undefined) return [ExtendedKeyUsage.clientAuth];
  return [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth];
}

async function generateLeafKeys(keyType: KeyType): Promise<webcrypto.CryptoKeyPair> {
  if (keyType === 'P-256') return await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: keyType === 'RSA-2048' ? 2048 : 3072,
  };
  return await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/** 16 random octets, positive and without leading zeros (RFC 5280, 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
