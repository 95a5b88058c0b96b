import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real web server as the agency's system. */
export class FakeWebhook {
  readonly bodies: Record<string, unknown>[] = [];
  readonly contentTypes: (string | undefined)[] = [];
  /** Status of the next answers; 204 when there is none left. */
  readonly statuses: number[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const status = this.statuses.shift() ?? 204;
        this.contentTypes.push(request.headers['content-type']);
        if (status < 300)
          this.bodies.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>);
        response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}
