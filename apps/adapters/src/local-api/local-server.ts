import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { LocalProblem } from './local-problem.js';
import { LOCAL_ROUTES, type LocalAnswer, type LocalParts } from './local-routes.js';
import { isAuthorised } from './secret.js';

const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5_000;
const CONNECTIONS = 200;
const HEADER_LIMIT_BYTES = 8 * 1024;
const SOCKET_MODE = 0o600;
/** A pseudonym, not a name; the form that the gateway takes. */
const USER_REFERENCE = /^[\w.:@-]{1,100}$/;

/** The interface for the agency's own system: loopback or a Unix socket, plain JSON, a shared secret. */
export class LocalServer {
  private readonly server: Server;

  constructor(
    private readonly parts: LocalParts,
    private readonly secret: string,
    private readonly log: Logger,
  ) {
    const limits = {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      maxHeaderSize: HEADER_LIMIT_BYTES,
    };
    this.server = createServer(limits, (request, response) => void this.serve(request, response));
    this.server.maxConnections = CONNECTIONS;
  }

  /** Resolves to the address for the ready line. @throws when the port or socket is taken. */
  async listen(): Promise<string> {
    const { local } = this.parts.config;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      if ('port' in local) return this.server.listen(local.port, '127.0.0.1', resolve);
      // A socket left by a crash refuses the next start; the state folder's lock keeps out a second live adapter.
      rmSync(local.socket, { force: true });
      return this.server.listen(local.socket, resolve);
    });
    if ('socket' in local) {
      chmodSync(local.socket, SOCKET_MODE);
      return `unix:${local.socket}`;
    }
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Takes no new connection and waits for running requests. */
  async close(): Promise<void> {
    this.server.closeIdleConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      write(response, await this.answer(request));
    } catch (error) {
      const problem = error instanceof LocalProblem ? error : new LocalProblem('INTERNAL', 'unexpected error');
      if (problem !== error) this.log.error({ err: error }, 'local request failed');
      const body = JSON.stringify(problem.document());
      const headers = { 'content-type': 'application/problem+json', ...problem.extra.headers };
      write(response, { status: problem.document().status, headers, body });
      request.resume();
    }
  }

  private async answer(request: IncomingMessage): Promise<LocalAnswer> {
    if (!isAuthorised(request.headers.authorization, this.secret)) {
      const headers = { 'www-authenticate': 'Bearer' };
      throw new LocalProblem('LOCAL_SECRET_REQUIRED', 'no or another secret', { headers });
    }
    const matches = LOCAL_ROUTES.filter((route) => route.path.test(request.url ?? ''));
    const route = matches.find(({ method }) => method === request.method);
    if (matches.length === 0) throw new LocalProblem('ROUTE_NOT_FOUND', 'no such address');
    if (!route) {
      const allow = matches.map(({ method }) => method).join(', ');
      throw new LocalProblem('METHOD_NOT_ALLOWED', 'this address has other methods', { headers: { allow } });
    }
    const userReference = request.headers['user-reference'];
    const given = typeof userReference === 'string' && USER_REFERENCE.test(userReference) ? userReference : undefined;
    if (route.needsUser && given === undefined) {
      throw new LocalProblem('USER_REFERENCE_REQUIRED', 'User-Reference must be 1 to 100 letters, digits or . : @ - _');
    }
    return route.answer(request, this.parts, given ?? '');
  }
}

function write(response: ServerResponse, { status, headers, body }: LocalAnswer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
