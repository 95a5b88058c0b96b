import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { handshakesRefused } from '../metrics/gateway-metrics.js';

const MINUTE_MS = 60_000;
const FLUSH_INTERVAL_MS = 5_000;
/** Entries held at once; what comes on top is counted together, so that a flood of addresses cannot fill memory. */
const MAX_ENTRIES = 1_000;
const OTHER_ADDRESSES = 'other';

export type HandshakeRefusalReason =
  | 'NO_CERTIFICATE'
  | 'UNTRUSTED_CERTIFICATE'
  | 'EXPIRED_CERTIFICATE'
  | 'REVOKED_CERTIFICATE'
  | 'WEAK_KEY'
  | 'PROTOCOL_OR_CIPHER'
  | 'HANDSHAKE_TIMEOUT'
  | 'CONNECTION_LOST'
  | 'OTHER';

/** All refusals of one address for one reason in one minute (G2). */
export interface HandshakeRefusal {
  readonly address: string;
  readonly reason: HandshakeRefusalReason;
  /** Start of the minute. */
  readonly minute: Date;
  readonly count: number;
}

export interface HandshakeRefusalsOptions {
  /** Receives what is complete, at most once per entry; it must neither throw nor reject. */
  readonly sink: (entries: readonly HandshakeRefusal[]) => void | Promise<void>;
  readonly now?: () => number;
  readonly maxEntries?: number;
}

/** Counts refused handshakes until their minute is over. */
export class HandshakeRefusals {
  private readonly entries = new Map<string, HandshakeRefusal>();
  private readonly addresses = new WeakMap<Socket, string>();
  private readonly timer: NodeJS.Timeout;
  private underway: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: HandshakeRefusalsOptions) {
    this.timer = setInterval(() => this.flush(), FLUSH_INTERVAL_MS).unref();
  }

  /** Counts what this server refuses by itself. */
  attach(server: Server): void {
    // The address must be taken here: when the handshake fails the socket is closed and has none any more.
    server.prependListener('connection', (socket: Socket) => {
      this.addresses.set(socket, socket.remoteAddress ?? 'unknown');
    });
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
      this.record(this.addressOf(socket), reasonOf(error, socket));
    });
  }

  /** Counts one refusal; `address` is an IP address without port. */
  record(address: string, reason: HandshakeRefusalReason): void {
    handshakesRefused.add({ reason });
    const minute = Math.floor(this.now() / MINUTE_MS) * MINUTE_MS;
    const exact = `${minute} ${reason} ${address}`;
    const full = this.entries.size >= (this.options.maxEntries ?? MAX_ENTRIES) && !this.entries.has(exact);
    const counted = full ? OTHER_ADDRESSES : address;
    const key = full ? `${minute} ${reason} ${OTHER_ADDRESSES}` : exact;
    const count = (this.entries.get(key)?.count ?? 0) + 1;
    this.entries.set(key, { address: counted, reason, minute: new Date(minute), count });
  }

  /** Hands over the entries whose minute is over. */
  flush(): void {
    this.handOver((entry) => entry.minute.getTime() + MINUTE_MS <= this.now());
  }

  /** Hands over everything, also of the running minute; resolves when the sink has all of it. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.handOver(() => true);
    await this.underway;
  }

  private handOver(complete: (entry: HandshakeRefusal) => boolean): void {
    const done = [...this.entries].filter(([, entry]) => complete(entry));
    for (const [key] of done) this.entries.delete(key);
    if (done.length === 0) return;
    const handedOver = this.options.sink(done.map(([, entry]) => entry));
    this.underway = Promise.all([this.underway, handedOver]);
  }

  private addressOf(socket: TLSSocket): string {
    // `_parent` is the TCP socket below. Node has no public name for it, and a test fails should it go.
    const parent = (socket as TLSSocket & { readonly _parent?: Socket | null })._parent;
    return (parent ? this.addresses.get(parent) : undefined) ?? socket.remoteAddress ?? 'unknown';
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

const PROTOCOL_ERRORS =
  /UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|NO_SUITABLE|WRONG_VERSION_NUMBER|HTTP_REQUEST|NO_SHARED_SIG|PROTOCOL_VERSION/;

/** Node reports a refused certificate as a lost connection; the true reason stands on the socket. */
function reasonOf(error: NodeJS.ErrnoException, socket: TLSSocket): HandshakeRefusalReason {
  // Declared as Error, but Node sets the code of OpenSSL as text, and null when there is none.
  const refused = socket.authorizationError as unknown as string | null;
  if (refused === 'CERT_HAS_EXPIRED') return 'EXPIRED_CERTIFICATE';
  if (refused) return 'UNTRUSTED_CERTIFICATE';
  const code = error.code ?? '';
  if (code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') return 'NO_CERTIFICATE';
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'HANDSHAKE_TIMEOUT';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'CONNECTION_LOST';
  return PROTOCOL_ERRORS.test(code) ? 'PROTOCOL_OR_CIPHER' : 'OTHER';
}
