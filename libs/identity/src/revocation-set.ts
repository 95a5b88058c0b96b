import type { VerifiedCrl } from './crl.js';
import { IdentityError } from './identity-error.js';
import type { TrustAnchor } from './trust-anchors.js';

/** `unknown`: no list of this issuer, or its list is stale. */
export type RevocationStatus = 'good' | 'revoked' | 'unknown';

/** What identifies a certificate in a revocation list; `Certificate` fits. */
export interface CertificateId {
  readonly issuer: string;
  readonly serial: string;
}

/** The revoked (issuer, serial) pairs of one set of verified lists. Immutable: a reload makes a new one. */
export class RevocationSet {
  private readonly lists: readonly VerifiedCrl[];
  private readonly revokedIssuers: ReadonlySet<string>;
  private readonly trusted: ReadonlySet<string>;

  constructor(crls: readonly VerifiedCrl[], anchors: readonly TrustAnchor[]) {
    this.trusted = new Set(anchors.map((anchor) => anchor.certificate.thumbprint));
    this.lists = newestPerAnchor(crls);
    this.revokedIssuers = revokedAuthorities(anchors, (id) => this.listed(id));
  }

  /** Stale lists still revoke: an old "revoked" stays true, an old "good" does not. */
  statusOf(certificate: CertificateId, nowMs: number): RevocationStatus {
    if (this.listed(certificate) || this.revokedIssuers.has(certificate.issuer)) return 'revoked';
    const own = this.lists.filter((list) => list.issuer === certificate.issuer);
    return own.length > 0 && own.every((list) => !isStale(list, nowMs)) ? 'good' : 'unknown';
  }

  /** Issuers whose list is past its `nextUpdate`. */
  staleIssuers(nowMs: number): string[] {
    return this.lists.filter((list) => isStale(list, nowMs)).map((list) => list.issuer);
  }

  /** When the first list of an authority is stale; null when no list is held. */
  get firstNextUpdate(): Date | null {
    const all = this.lists.map((list) => list.nextUpdate.getTime());
    return all.length === 0 ? null : new Date(Math.min(...all));
  }

  /**
   * Refuses to go back: an older list, or a set without a list that is held now, would bring revoked certificates back.
   * The lists of an authority that is trusted no longer may go with it.
   * @throws IdentityError `CRL_OLDER`
   */
  assertNotOlderThan(held: RevocationSet): void {
    for (const old of held.lists.filter(({ anchor }) => this.trusted.has(anchor))) {
      const replacement = this.lists.find((list) => list.anchor === old.anchor);
      if (replacement !== undefined && replacement.thisUpdate >= old.thisUpdate) continue;
      throw new IdentityError(
        'CRL_OLDER',
        replacement === undefined
          ? `The new file has no list of "${old.issuer}".`
          : `The new list of "${old.issuer}" is older than the one in use.`,
        'Give the newest lists of all authorities in one file.',
      );
    }
  }

  private listed(certificate: CertificateId): boolean {
    return this.lists.some((list) => list.issuer === certificate.issuer && list.serials.has(certificate.serial));
  }
}

function isStale(list: VerifiedCrl, nowMs: number): boolean {
  return nowMs > list.nextUpdate.getTime();
}

function newestPerAnchor(crls: readonly VerifiedCrl[]): VerifiedCrl[] {
  const newest = new Map<string, VerifiedCrl>();
  for (const crl of crls) {
    const other = newest.get(crl.anchor);
    if (other === undefined || crl.thisUpdate > other.thisUpdate) newest.set(crl.anchor, crl);
  }
  return [...newest.values()];
}

/** Authorities that are revoked themselves, with all below them; a pass per level, so as many as there are anchors. */
function revokedAuthorities(anchors: readonly TrustAnchor[], listed: (id: CertificateId) => boolean): Set<string> {
  const revoked = new Set<string>();
  for (let pass = 0; pass < anchors.length; pass += 1) {
    for (const { certificate } of anchors) {
      if (listed(certificate) || revoked.has(certificate.issuer)) revoked.add(certificate.subject);
    }
  }
  return revoked;
}
