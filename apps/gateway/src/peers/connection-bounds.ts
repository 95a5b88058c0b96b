import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';

/** An adapter has about ten. */
const MAX_PER_CALLER = 256;
/** Callers whose certificate is not known yet, at most ten seconds each. */
const MAX_HANDSHAKES = 512;
/** Time in which a connection too many may ask something, and hear why it must go. */
const EXCESS_LIMIT_MS = 5_000;

export interface ConnectionBoundsOptions {
  readonly maxPerCaller?: number;
  readonly maxHandshakes?: number;
}

/**
 * Bounds on what connections cost, so that nobody can take them from others: each caller has a number of its own, and
 * of all handshakes under way the oldest makes room. A true one is done in milliseconds; refusing the newest would let
 * a few silent strangers keep everybody out.
 */
export class ConnectionBounds {
  private readonly perCaller = new Map<string, number>();
  private readonly excess = new WeakSet<Socket>();
  private readonly handshakes = new Set<Socket>();
  private readonly maxPerCaller: number;
  private readonly maxHandshakes: number;

  constructor({ maxPerCaller = MAX_PER_CALLER, maxHandshakes = MAX_HANDSHAKES }: ConnectionBoundsOptions = {}) {
    this.maxPerCaller = maxPerCaller;
    this.maxHandshakes = maxHandshakes;
  }

  /** Bounds the handshakes of this server. */
  attach(server: Server): void {
    server.prependListener('connection', (socket: Socket) => {
      this.handshakes.add(socket);
      socket.once('close', () => this.handshakes.delete(socket));
      if (this.handshakes.size <= this.maxHandshakes) return;
      const [oldest] = this.handshakes;
      if (oldest) this.handshakes.delete(oldest);
      oldest?.destroy();
    });
  }

  /** The handshake of this connection is done: `caller` holds one more. By certificate: an OIN can be claimed. */
  enter(socket: TLSSocket, caller: string): void {
    // `_parent` is the TCP socket below; Node has no public name for it.
    const { _parent: below } = socket as TLSSocket & { readonly _parent?: Socket | null };
    if (below) this.handshakes.delete(below);
    const held = (this.perCaller.get(caller) ?? 0) + 1;
    this.perCaller.set(caller, held);
    socket.once('close', () => this.leave(caller));
    if (held <= this.maxPerCaller) return;
    this.excess.add(socket);
    const timer = setTimeout(() => socket.destroy(), EXCESS_LIMIT_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  /** Whether this connection is one that its caller may not have. */
  isExcess(socket: Socket): boolean {
    return this.excess.has(socket);
  }

  private leave(caller: string): void {
    const held = (this.perCaller.get(caller) ?? 1) - 1;
    if (held === 0) this.perCaller.delete(caller);
    else this.perCaller.set(caller, held);
  }
}
