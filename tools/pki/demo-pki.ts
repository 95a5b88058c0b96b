import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GATEWAY_OIN, OFFICERS, ROSTER } from '../demo/roster.js';
import type { Authority, KeyType, LeafRequest } from './authority.js';
import type { AuthorityName } from './demo-authorities.js';
import { isCurrent } from './issued-files.js';
import { ensurePrivateFolder, writeAtomically } from './private-files.js';

const LEAF_DAYS = 365;
const CRL_DAYS = 7;
const DAY_MS = 86_400_000;
const DOMAIN = 'ketenpoort.test';
const LOOPBACK = { dns: ['localhost'], ip: ['127.0.0.1', '::1'] } as const;
/** Of the officers' PKCS#12 files; written in the README, since the demo's keys protect nothing. */
export const P12_PASSWORD = 'ketenpoort';

export interface PeerRequest {
  /** File name, and first label of the common name. */
  readonly name: string;
  /** Put into `Subject.serialNumber` as it is, so that tests can issue malformed ones. */
  readonly oin?: string;
  readonly title: string;
  readonly days?: number;
  readonly notBefore?: Date;
  readonly keyType?: KeyType;
  readonly hosts?: LeafRequest['hosts'];
  readonly usage?: LeafRequest['usage'];
  /** Default `ca`; `officers-ca` makes a person's certificate. */
  readonly authority?: AuthorityName;
}

export interface IssuedFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

interface Revoked {
  readonly authority: AuthorityName;
  readonly serial: string;
  readonly at: string;
}

/**
 * Certificates of the demo and the tests, as files in one private folder that `ensureDemoPki` made, or a copy of it.
 * What issues and signs is loaded when it is first needed: it costs more than all that a user of the files does.
 */
export class DemoPki {
  readonly caFile: string;
  readonly officerCaFile: string;
  /** The lists of both authorities, one after another. */
  readonly crlFile: string;

  constructor(readonly dir: string) {
    this.caFile = join(dir, 'ca.crt');
    this.officerCaFile = join(dir, 'officers-ca.crt');
    this.crlFile = join(dir, 'ca.crl');
  }

  /** Paths of a certificate and its key by name; whether they exist is not checked. */
  files(name: string): IssuedFiles {
    return { certFile: join(this.dir, `${name}.crt`), keyFile: join(this.dir, `${name}.key`) };
  }

  /** PKCS#12 of an officer, for a browser. Password: `P12_PASSWORD`. */
  p12File(name: string): string {
    return join(this.dir, `${name}.p12`);
  }

  /** SHA-256 of the certificate's DER, lower-case hex: what the peer register knows it by. */
  thumbprint(name: string): string {
    const { fingerprint256 } = new X509Certificate(readFileSync(this.files(name).certFile));
    return fingerprint256.replaceAll(':', '').toLowerCase();
  }

  /** Issues a certificate and its key, over those of the same name if there are any. */
  async issuePeer(request: PeerRequest): Promise<IssuedFiles> {
    const { BACKDATE_MS, issueLeaf } = await import('./authority.js');
    const issued = await issueLeaf(await this.authority(request.authority ?? 'ca'), {
      subject: [
        ...(request.oin === undefined ? [] : [{ '2.5.4.5': [request.oin] }]),
        { O: [request.title] },
        { CN: [`${request.name}.${DOMAIN}`] },
        { C: ['NL'] },
      ],
      notBefore: request.notBefore ?? new Date(Date.now() - BACKDATE_MS),
      days: request.days ?? LEAF_DAYS,
      ...(request.keyType === undefined ? {} : { keyType: request.keyType }),
      ...(request.hosts === undefined ? {} : { hosts: request.hosts }),
      ...(request.usage === undefined ? {} : { usage: request.usage }),
    });
    const files = this.files(request.name);
    // Key first: a crash in between leaves a key without certificate, which the next start issues anew.
    await writeAtomically(files.keyFile, issued.keyPem, 0o600);
    await writeAtomically(files.certFile, issued.certPem, 0o644);
    if (request.authority === 'officers-ca') {
      const { officerP12 } = await import('./officer-p12.js');
      await writeAtomically(this.p12File(request.name), await officerP12(issued, request.name, P12_PASSWORD), 0o600);
    }
    return files;
  }

  /** Revokes the certificate that now stands under this name and publishes the list, as `writeCrl` does. */
  async revoke(name: string, critical?: string): Promise<void> {
    const { readCertificate } = await import('#identity/certificate.js');
    const { issuer, serial } = readCertificate(await readFile(this.files(name).certFile));
    const officers = readCertificate(await readFile(this.officerCaFile)).subject;
    const authority = issuer === officers ? 'officers-ca' : 'ca';
    const revoked = await this.revoked();
    if (!revoked.some((entry) => entry.serial === serial)) {
      revoked.push({ authority, serial, at: new Date().toISOString() });
    }
    await writeAtomically(this.revokedFile(), JSON.stringify(revoked), 0o600);
    await this.writeCrl(undefined, critical);
  }

  /** Signs the lists of both authorities afresh; tests give a period in the past, or an extension that nobody knows. */
  async writeCrl(period?: { readonly thisUpdate: Date; readonly nextUpdate: Date }, critical?: string): Promise<void> {
    const { signCrl } = await import('./authority.js');
    const now = new Date();
    const validity = period ?? { thisUpdate: now, nextUpdate: new Date(now.getTime() + CRL_DAYS * DAY_MS) };
    const revoked = await this.revoked();
    const lists = (['ca', 'officers-ca'] as const).map(async (name) => {
      const own = revoked.filter((entry) => entry.authority === name);
      return await signCrl(
        await this.authority(name),
        own.map(({ serial, at }) => ({ serial, at: new Date(at) })),
        validity,
        critical,
      );
    });
    await writeAtomically(this.crlFile, (await Promise.all(lists)).join(''), 0o644);
  }

  private async authority(name: AuthorityName): Promise<Authority> {
    const { loadAuthority } = await import('./authority.js');
    const { certFile, keyFile } = this.files(name);
    return await loadAuthority(certFile, keyFile);
  }

  private revokedFile(): string {
    return join(this.dir, 'revoked.json');
  }

  private async revoked(): Promise<Revoked[]> {
    try {
      return JSON.parse(await readFile(this.revokedFile(), 'utf8')) as Revoked[];
    } catch (error) {
      // A broken file is an error: taking it for empty would bring revoked certificates back.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

/**
 * Makes the demo's authorities, certificates and revocation list where they are missing or about to expire, and signs
 * the list afresh. A revoked certificate stays: delete its `.crt` to get a new one.
 * @param dir folder of its own, for instance `.ketenpoort/pki`; made with mode 0700
 */
export async function ensureDemoPki(dir: string): Promise<DemoPki> {
  const folder = resolve(dir);
  await ensurePrivateFolder(folder);
  const { certifiedKey, ensureAuthority } = await import('./demo-authorities.js');
  await ensureAuthority(folder, 'ca');
  await ensureAuthority(folder, 'officers-ca');
  const pki = new DemoPki(folder);
  const authorityKeys = {
    ca: await certifiedKey(pki.caFile),
    'officers-ca': await certifiedKey(pki.officerCaFile),
  };
  const ensure = async (request: PeerRequest) => {
    const authority = authorityKeys[request.authority ?? 'ca'];
    if (!(await isCurrent(pki.files(request.name), authority, request.oin))) await pki.issuePeer(request);
  };
  await Promise.all(demoRequests().map(ensure));
  await pki.writeCrl();
  return pki;
}

/** Every certificate of the demo. Broker and its administrator have no OIN: they are no peers of the gateway. */
function demoRequests(): PeerRequest[] {
  const titles = new Map(ROSTER.map((peer) => [peer.name, peer.title]));
  return [
    { name: 'gateway', oin: GATEWAY_OIN, title: 'Ketenpoort (proef)', hosts: LOOPBACK },
    { name: 'kafka', title: 'Ketenpoort (proef)', hosts: LOOPBACK },
    { name: 'kafka-admin', title: 'Ketenpoort (proef)' },
    ...ROSTER.map(({ name, oin, title }) => ({ name, oin, title })),
    ...OFFICERS.map(({ name, organisation }) => ({
      name,
      title: titles.get(organisation) ?? organisation,
      authority: 'officers-ca' as const,
    })),
  ];
}
