import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Server, TLSSocket } from 'node:tls';
import { readCrls } from '#identity/crl.js';
import { IdentityError } from '#identity/identity-error.js';
import { readPublicFile } from '#identity/key-file.js';
import { type CertificateId, RevocationSet, type RevocationStatus } from '#identity/revocation-set.js';
import type { TrustAnchor } from '#identity/trust-anchors.js';

const POLL_INTERVAL_MS = 1_000;
const TICKET_KEY_INTERVAL_MS = 3_600_000;
/** Length that Node demands: name, HMAC key and AES key of a session ticket. */
const TICKET_KEY_BYTES = 48;
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
  readonly pollIntervalMs?: number;
  readonly ticketKeyIntervalMs?: number;
  /** System clock, milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * The revocation lists in use, and the connections that depend on them (design 7). Node's own `crl` option is not used:
 * a stale list there refuses everybody, and it lets kept-alive and resumed connections of a revoked client go on.
 */
export class Revocation {
  private readonly sockets = new Map<TLSSocket, CertificateId>();
  private readonly servers = new Set<Server>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly now: () => number;
  private set: RevocationSet;
  private stamp = '';
  private staleReported = '';
  private running: Promise<void> | undefined;

  private constructor(private readonly options: RevocationOptions) {
    this.now = options.now ?? Date.now;
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
    revocation.every(options.pollIntervalMs ?? POLL_INTERVAL_MS, () => void revocation.poll());
    revocation.every(options.ticketKeyIntervalMs ?? TICKET_KEY_INTERVAL_MS, () => revocation.rotateTicketKeys());
    return revocation;
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
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

  /** Gives this server ticket keys of its own and new ones when the lists change. */
  watch(server: Server): void {
    this.servers.add(server);
    server.setTicketKeys(randomBytes(TICKET_KEY_BYTES));
    server.once('close', () => this.servers.delete(server));
  }

  /** From now on the connection ends when its certificate is revoked. */
  track(socket: TLSSocket, certificate: CertificateId): void {
    this.sockets.set(socket, certificate);
    socket.once('close', () => this.sockets.delete(socket));
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
    const stamp = await fileStamp(this.options.crlFile);
    if (stamp === this.stamp) return;
    // Remembered before the check: a bad file raises one alarm, not one a second.
    this.stamp = stamp;
    const crls = await readCrls(await readPublicFile(this.options.crlFile, MAX_CRL_BYTES), this.options.anchors);
    const next = new RevocationSet(crls, this.options.anchors);
    next.assertNotOlderThan(this.set);
    this.set = next;
    // Keys before sockets: whoever is cut off and comes back at once finds its ticket worthless.
    this.rotateTicketKeys();
    this.cutRevoked();
  }

  private cutRevoked(): void {
    const now = this.now();
    for (const [socket, certificate] of this.sockets) {
      if (this.set.statusOf(certificate, now) === 'revoked') socket.destroy();
    }
  }

  private rotateTicketKeys(): void {
    for (const server of this.servers) server.setTicketKeys(randomBytes(TICKET_KEY_BYTES));
  }

  private reportStale(): void {
    const issuers = this.set.staleIssuers(this.now());
    const key = issuers.join('\n');
    if (key !== this.staleReported && issuers.length > 0) this.options.onAlarm({ kind: 'CRL_STALE', issuers });
    this.staleReported = key;
  }

  private every(intervalMs: number, action: () => void): void {
    this.timers.push(setInterval(action, intervalMs).unref());
  }
}

/** Changes when the file is written or replaced; `missing` when there is none. */
async function fileStamp(file: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
}
