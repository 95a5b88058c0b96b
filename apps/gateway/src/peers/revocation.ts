import type { TLSSocket } from 'node:tls';
import { readCrls } from '#identity/crl.js';
import { fileStamp } from '#identity/file-stamp.js';
import { IdentityError } from '#identity/identity-error.js';
import { readPublicFile } from '#identity/key-file.js';
import { type CertificateId, RevocationSet, type RevocationStatus } from '#identity/revocation-set.js';
import type { TrustAnchor } from '#identity/trust-anchors.js';
import type { TicketKeys } from './ticket-keys.js';

const POLL_INTERVAL_MS = 1_000;
const MAX_CRL_BYTES = 10 * 1024 * 1024;

export type RevocationAlarm =
  | { readonly kind: 'CRL_REFUSED'; readonly error: Error }
  | { readonly kind: 'CRL_STALE'; readonly issuers: readonly string[] };

export interface RevocationOptions {
  readonly crlFile: string;
  readonly anchors: readonly TrustAnchor[];
  /** What a certificate is whose list is stale or absent: refused, or accepted with an alarm (C03). */
  readonly stale: 'refuse' | 'alarm';
  /** Called once per change for the worse, not at each request. */
  readonly onAlarm: (alarm: RevocationAlarm) => void;
  /** Renewed with the lists: a ticket would let a revoked client skip the handshake that shows its certificate. */
  readonly ticketKeys: Pick<TicketKeys, 'renew'>;
  readonly pollIntervalMs?: number;
  /** System clock, milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * The revocation lists in use, and the connections that depend on them (design 7). Node's own `crl` option is not used:
 * a stale list there refuses everybody, and it lets kept-alive and resumed connections of a revoked client go on.
 */
export class Revocation {
  private readonly sockets = new Map<TLSSocket, CertificateId>();
  private readonly now: () => number;
  private timer: NodeJS.Timeout | undefined;
  private anchors: readonly TrustAnchor[];
  private set: RevocationSet;
  private stamp = '';
  private staleReported = '';
  private running: Promise<void> | undefined;

  private constructor(private readonly options: RevocationOptions) {
    this.now = options.now ?? Date.now;
    this.anchors = options.anchors;
    this.set = new RevocationSet([], options.anchors);
  }

  /**
   * Loads the lists and watches their file until `close`.
   * @throws IdentityError when the file is there but cannot be trusted; when it is missing only under `refuse`
   */
  static async open(options: RevocationOptions): Promise<Revocation> {
    const revocation = new Revocation(options);
    try {
      await revocation.load();
    } catch (error) {
      const missing = error instanceof IdentityError && error.code === 'FILE_MISSING';
      if (!missing || options.stale === 'refuse') throw error;
      options.onAlarm({ kind: 'CRL_REFUSED', error });
    }
    revocation.reportStale();
    const intervalMs = options.pollIntervalMs ?? POLL_INTERVAL_MS;
    revocation.timer = setInterval(() => void revocation.poll(), intervalMs).unref();
    return revocation;
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Status after the policy for stale lists: `unknown` comes only under `refuse`. */
  statusOf(certificate: CertificateId): RevocationStatus {
    const status = this.set.statusOf(certificate, this.now());
    return status === 'unknown' && this.options.stale === 'alarm' ? 'good' : status;
  }

  /** When the first of the lists in use is stale; null when there is none. */
  get firstNextUpdate(): Date | null {
    return this.set.firstNextUpdate;
  }

  /** From now on the connection ends when its certificate is revoked. */
  track(socket: TLSSocket, certificate: CertificateId): void {
    this.sockets.set(socket, certificate);
    socket.once('close', () => this.sockets.delete(socket));
  }

  /**
   * Other authorities from now on. The lists are judged anew, and the connections of an authority that is no longer
   * trusted end: nobody could revoke them any more.
   */
  async trust(anchors: readonly TrustAnchor[]): Promise<void> {
    await this.running;
    const dropped = subjectsOf(this.anchors).filter((subject) => !subjectsOf(anchors).includes(subject));
    this.anchors = anchors;
    this.stamp = '';
    await this.poll();
    this.cut(({ issuer }) => dropped.includes(issuer));
  }

  /** Looks at the file now; a file that cannot be trusted raises an alarm and changes nothing. */
  async poll(): Promise<void> {
    this.running ??= this.reload().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  private async reload(): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      this.options.onAlarm({ kind: 'CRL_REFUSED', error: error as Error });
    }
    this.reportStale();
  }

  private async load(): Promise<void> {
    const stamp = await fileStamp([this.options.crlFile]);
    if (stamp === this.stamp) return;
    // Remembered before the check: a bad file raises one alarm, not one a second.
    this.stamp = stamp;
    const crls = await readCrls(await readPublicFile(this.options.crlFile, MAX_CRL_BYTES), this.anchors);
    const next = new RevocationSet(crls, this.anchors);
    next.assertNotOlderThan(this.set);
    this.set = next;
    // Keys before sockets: whoever is cut off and comes back at once finds its ticket worthless.
    this.options.ticketKeys.renew();
    this.cut((certificate) => next.statusOf(certificate, this.now()) === 'revoked');
  }

  private cut(ended: (certificate: CertificateId) => boolean): void {
    for (const [socket, certificate] of this.sockets) if (ended(certificate)) socket.destroy();
  }

  private reportStale(): void {
    const issuers = this.set.staleIssuers(this.now());
    const key = issuers.join('\n');
    if (key !== this.staleReported && issuers.length > 0) this.options.onAlarm({ kind: 'CRL_STALE', issuers });
    this.staleReported = key;
  }
}

function subjectsOf(anchors: readonly TrustAnchor[]): string[] {
  return anchors.map(({ certificate }) => certificate.subject);
}
