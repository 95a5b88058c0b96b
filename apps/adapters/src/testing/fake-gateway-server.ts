import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { PeerCertificate, TLSSocket, TlsOptions } from 'node:tls';
import type { Acknowledgement } from '../gateway/content.js';
import { GatewayProblem } from '../gateway/gateway-errors.js';
import type { FakeGateway } from './fake-gateway.js';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** OIN of the certificate that the caller showed. */
  readonly oin: string;
}

type Reply = { readonly status: number; readonly body: object; readonly headers?: Record<string, string> };

/** The fake gateway behind the interface of the real one: HTTPS, client certificate required, problem documents. */
export class FakeGatewayServer {
  readonly seen: SeenRequest[] = [];
  /** Answers before anything else does, once each; `DROP` cuts the connection instead. */
  readonly next: (Reply | 'DROP')[] = [];
  private readonly server: Server;

  constructor(
    private readonly gateway: FakeGateway,
    tls: TlsOptions,
  ) {
    this.server = createServer(tls, (request, response) => void this.serve(request, response));
  }

  /** @param port 0 for any; a given one to come back where the adapter looks */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const certificate = (request.socket as TLSSocket).getPeerCertificate() as PeerCertificate & {
      subject: { serialNumber?: string };
    };
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      oin: certificate.subject.serialNumber ?? '',
    };
    this.seen.push(seen);
    const scripted = this.next.shift();
    if (scripted === 'DROP') return void request.socket.destroy();
    const { status, body, headers } = scripted ?? (await this.reply(seen).catch(problemReply));
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
  }

  private async reply({ method, path, headers, body }: SeenRequest): Promise<Reply> {
    const url = new URL(path, 'https://localhost');
    const query = (name: string): number => Number(url.searchParams.get(name) ?? 0);
    const [, , resource, id, part] = url.pathname.split('/');
    if (resource === 'inbox') {
      const state = url.searchParams.get('state') === 'outstanding' ? 'outstanding' : undefined;
      const page = await this.gateway.page(query('after'), query('limit'), 0, state);
      // A held poll, in short.
      if (page.items.length === 0 && query('waitSeconds') > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      return { status: 200, body: page };
    }
    if (resource === 'acknowledgements') {
      const { acknowledgements } = JSON.parse(body) as { acknowledgements: Acknowledgement[] };
      return { status: 200, body: { results: await this.gateway.acknowledge(acknowledgements) } };
    }
    if (part === 'content') {
      const purpose = headers['purpose-of-use'];
      if (typeof purpose !== 'string')
        throw new GatewayProblem(403, 'PURPOSE_REQUIRED', { status: 403, code: 'PURPOSE_REQUIRED' }, undefined);
      return { status: 200, body: await this.gateway.content(id ?? '', purpose), headers: { 'access-record': 'r' } };
    }
    if (resource === 'messages' && method === 'POST') {
      const receipt = {
        messageId: '019a0000-0000-7000-8000-000000000001',
        caseId: 'c',
        acceptedAt: 't',
        receipt: 'jws',
      };
      return { status: 202, body: receipt };
    }
    return { status: 404, body: { status: 404, code: 'CASE_NOT_AVAILABLE', title: 'Niet beschikbaar' } };
  }
}

function problemReply(error: unknown): Reply {
  if (error instanceof GatewayProblem) return { status: error.status, body: { ...error.problem, code: error.code } };
  return { status: 503, body: { status: 503, code: 'OVERLOADED' }, headers: { 'retry-after': '0' } };
}
