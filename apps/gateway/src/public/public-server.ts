import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { ServerTlsOptions } from '#identity/tls-options.js';
import { GatewayError } from '../errors.js';
import { answerClientError } from '../http/client-error.js';
import { restOfBody } from '../http/rest-of-body.js';
import { SECURITY_HEADERS } from '../http/security-headers.js';
import { toGatewayError } from '../http/translate-error.js';
import { writeProblem } from '../http/write-problem.js';
import { publicDocuments, type PublicDocument } from './documents.js';
import { logDocument, type ReadLog } from './log-documents.js';

/** Anyone may come here, so every limit is tight: a document is one small request. */
const MAX_HEADER_BYTES = 8 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
const TIMEOUT_CHECK_INTERVAL_MS = 2_000;
/** Nothing was sent or read for so long: the client does not read what it asked for. */
const CONNECTION_TIMEOUT_MS = 20_000;
const MAX_CONNECTIONS = 256;
const LOG = '/v1/log/';
const ALLOW = 'GET, HEAD, OPTIONS';

export interface PublicServerOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly host: string;
  /** Those of the agency interface; a client certificate is not asked for here. */
  readonly tls: ServerTlsOptions;
  /** Base of the agency interface, as the documents name it. */
  readonly gatewayUrl: string;
  /** Public keys (JWK) that receipts were signed with, the present one first. */
  readonly receiptKeys: readonly object[];
  /** The public log: everything below `/v1/log/`. */
  readonly readLog: ReadLog;
}

/** The public listener of design 5: the documents of the interface and the public log, for anyone; nothing else. */
export async function startPublicServer(options: PublicServerOptions): Promise<Server> {
  const { port, host, tls, readLog } = options;
  const documents = publicDocuments(options.gatewayUrl, options.receiptKeys);
  const find = async (path: string): Promise<PublicDocument | undefined> =>
    path.startsWith(LOG) ? logDocument(readLog, path) : documents.get(path);
  const server = createServer({
    ...tls,
    requestCert: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
    requireHostHeader: false,
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = CONNECTION_TIMEOUT_MS;
  const answerWith = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response, find).catch(() => response.destroy());
  };
  // An unknown `Expect` is no reason to withhold a public document.
  server.on('request', answerWith).on('checkExpectation', answerWith).on('clientError', answerClientError);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  find: (path: string) => Promise<PublicDocument | undefined>,
): Promise<void> {
  const looked = await find((request.url ?? '').split('?')[0] ?? '').catch(toGatewayError);
  const found = looked instanceof GatewayError ? undefined : looked;
  const refused = looked instanceof GatewayError ? looked : refusalOf(request, found);
  await restOfBody(request);
  if (refused || !found) return writeProblem(response, refused ?? notFound());
  if (request.method === 'OPTIONS') {
    const { 'access-control-allow-origin': origin } = found.headers;
    const cors = origin ? { 'access-control-allow-origin': origin, 'access-control-allow-methods': 'GET, HEAD' } : {};
    response.writeHead(204, { ...SECURITY_HEADERS, ...cors, allow: ALLOW }).end();
    return;
  }
  response.writeHead(200, found.headers).end(found.body);
}

function refusalOf(request: IncomingMessage, found: PublicDocument | undefined): GatewayError | null {
  if (!request.headers.host) return new GatewayError('INVALID_PARAMETER', 'the header Host is missing');
  if (!found) return notFound();
  if (ALLOW.split(', ').includes(request.method ?? '')) return null;
  return new GatewayError('METHOD_NOT_ALLOWED', 'this address exists, but not with this method', {
    headers: { allow: ALLOW },
  });
}

function notFound(): GatewayError {
  return new GatewayError('ROUTE_NOT_FOUND', 'no such address on the public listener');
}
