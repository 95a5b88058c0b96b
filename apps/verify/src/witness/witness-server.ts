import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADD_CHECKPOINT_BYTES_MAX } from '#ledger/add-checkpoint.js';
import type { Witness } from './witness.js';

const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const HEADER_LIMIT_BYTES = 8 * 1024;
const CONNECTIONS = 100;
/** Requests are judged one after the other; whoever comes when so many wait, comes again. */
const WAITING_MAX = 32;

/** `POST /add-checkpoint` over plain HTTP, and nothing else. */
export class WitnessServer {
  private readonly server: Server;
  private waiting = 0;

  constructor(
    private readonly witness: Pick<Witness, 'addCheckpoint'>,
    /** One line for each judged request. */
    private readonly say: (line: string) => void,
  ) {
    const limits = {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      maxHeaderSize: HEADER_LIMIT_BYTES,
    };
    this.server = createServer(limits, (request, response) => void this.serve(request, response));
    this.server.maxConnections = CONNECTIONS;
  }

  /** Resolves to the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Waits for what runs. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path !== '/add-checkpoint') return answer(response, 404, 'not found\n');
    if (request.method !== 'POST') return answer(response, 405, 'POST only\n', { allow: 'POST' });
    if (this.waiting >= WAITING_MAX) return answer(response, 503, 'busy\n', { 'retry-after': '1' });
    this.waiting += 1;
    try {
      const body = await readBody(request);
      if (!body) return answer(response, 413, 'too large\n', { connection: 'close' });
      const { status, verdict, contentType, text, claim } = await this.witness.addCheckpoint(body);
      this.say(`${verdict} ${claim ? `${JSON.stringify(claim.origin)} ${claim.size}` : ''}`.trimEnd());
      answer(response, status, text, { 'content-type': contentType });
    } catch {
      this.say('failed');
      answer(response, 500, 'failed\n');
    } finally {
      this.waiting -= 1;
    }
  }
}

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(text);
}

/** Null when it is larger than any request can be. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ADD_CHECKPOINT_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
