import { once, setMaxListeners } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a link is like. `cut`: what is open is reset, and so is each new connection. `hole`: everything is accepted and
 * nothing arrives, as behind a firewall that forgot the connection. `slow`: each piece waits, and no more than so many
 * bytes a second pass, in each direction of each connection.
 */
export type Weather =
  | { readonly kind: 'clear' | 'cut' | 'hole' }
  | { readonly kind: 'slow'; readonly delayMs: number; readonly bytesPerSecond: number };

export const CLEAR: Weather = { kind: 'clear' };
const CONNECT_LIMIT_MS = 3_000;

/** Every connection may wait for it. */
function nextChange(): AbortController {
  const change = new AbortController();
  setMaxListeners(0, change.signal);
  return change;
}

/**
 * Stands between two processes on this machine and passes bytes on; TLS goes through it unopened. With several targets
 * it is a plain TCP balancer: each new connection goes to the next one that answers.
 */
export class TcpProxy {
  private weather: Weather = CLEAR;
  private changed = nextChange();
  private readonly open = new Set<Socket>();
  private turn = 0;

  private constructor(
    private readonly server: Server,
    private readonly targets: readonly number[],
  ) {
    server.on('connection', (socket) => void this.serve(socket));
  }

  /** On any free port of 127.0.0.1, which it keeps until it is closed, whatever the weather. */
  static async listen(...targets: readonly number[]): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new TcpProxy(server, targets);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  set(weather: Weather): void {
    this.weather = weather;
    if (weather.kind === 'cut') this.resetAll();
    this.changed.abort();
    this.changed = nextChange();
  }

  async close(): Promise<void> {
    this.set({ kind: 'cut' });
    this.server.close();
    await once(this.server, 'close');
  }

  private resetAll(): void {
    for (const socket of this.open) socket.resetAndDestroy();
  }

  private async serve(client: Socket): Promise<void> {
    this.keep(client);
    if (this.weather.kind === 'cut') return void client.resetAndDestroy();
    await this.wayOpen();
    const target = await this.reach();
    if (!target || client.destroyed) {
      client.resetAndDestroy();
      target?.resetAndDestroy();
      return;
    }
    this.keep(target);
    await Promise.all([this.pass(client, target), this.pass(target, client)]);
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.open.delete(socket));
  }

  /** A connection to the next target that takes one. */
  private async reach(): Promise<Socket | null> {
    for (let tries = 0; tries < this.targets.length; tries += 1) {
      const port = this.targets[(this.turn += 1) % this.targets.length] ?? 0;
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
      const reached = once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
      if (await reached.then(Boolean, () => false)) return socket;
      socket.on('error', () => undefined).destroy();
    }
    return null;
  }

  private async pass(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const piece of from as AsyncIterable<Buffer>) {
        await this.carry(piece.length);
        if (!to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
        if (to.destroyed) return void from.resetAndDestroy();
      }
      // The end travels the same way as the bytes: through a hole nobody hears of it.
      await this.wayOpen();
      to.end();
    } catch {
      await this.wayOpen();
      to.resetAndDestroy();
    }
  }

  private async carry(bytes: number): Promise<void> {
    await this.wayOpen();
    const { weather } = this;
    if (weather.kind !== 'slow') return;
    const { signal } = this.changed;
    await sleep(weather.delayMs + (bytes * 1_000) / weather.bytesPerSecond, undefined, { signal }).catch(
      () => undefined,
    );
    await this.wayOpen();
  }

  private async wayOpen(): Promise<void> {
    while (this.weather.kind === 'hole') await once(this.changed.signal, 'abort');
  }
}
