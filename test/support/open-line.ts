import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** One TLS connection that stays open until somebody ends it, with every byte that came over it. */
export class OpenLine {
  /** Settles when the connection is closed by either side. */
  readonly closed: Promise<void>;
  private text = '';

  private constructor(private readonly socket: TLSSocket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
  }

  /** Resolves when the handshake is complete as the client sees it. */
  static async open(url: string, tls: ConnectionOptions): Promise<OpenLine> {
    const { hostname: host, port } = new URL(url);
    return await new Promise((resolve, reject) => {
      const socket = connect({ ...tls, host, port: Number(port), servername: host }, () =>
        resolve(new OpenLine(socket)),
      );
      socket.once('error', reject);
    });
  }

  /** Everything that has arrived. */
  get received(): string {
    return this.text;
  }

  get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  send(bytes: string): void {
    this.socket.write(bytes, 'latin1');
  }

  close(): void {
    this.socket.destroy();
  }
}
