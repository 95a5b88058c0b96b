import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const ANSWER = /^HTTP\/1\.1 [^]*?content-length: (\d+)[^]*?\r\n\r\n/i;

/** One TLS connection that is kept alive over several requests, as the client of an agency keeps it. */
export class KeptAlive {
  private received = '';
  private waiting: ((answer: string) => void) | undefined;

  /** Settles when the connection is closed by either side. */
  readonly closed: Promise<void>;

  private constructor(private readonly socket: TLSSocket) {
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.waiting?.('');
        resolve();
      });
    });
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
      this.take();
    });
  }

  /** Resolves when the handshake is complete as the client sees it. */
  static async open(port: number, options: ConnectionOptions): Promise<KeptAlive> {
    return await new Promise((resolve, reject) => {
      const socket = connect({ ...options, port }, () => resolve(new KeptAlive(socket)));
      socket.once('error', reject);
    });
  }

  /** Sends one GET; the body of the answer, or '' when the connection closes without one. */
  async ask(): Promise<string> {
    return await new Promise((resolve) => {
      if (this.socket.destroyed) return resolve('');
      this.waiting = resolve;
      this.socket.write(REQUEST);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(): void {
    const head = ANSWER.exec(this.received);
    if (head === null) return;
    const end = head[0].length + Number(head[1]);
    if (this.received.length < end) return;
    const body = this.received.slice(head[0].length, end);
    this.received = this.received.slice(end);
    this.waiting?.(body);
    this.waiting = undefined;
  }
}
