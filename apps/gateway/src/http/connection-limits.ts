import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { GatewayError } from '../errors.js';
import { rawProblem } from './write-problem.js';

/** What a client may keep a connection of the agency interface busy with. */
export const CONNECTION_LIMITS = {
  /** Request line and headers together. */
  maxHeaderSize: 16 * 1024,
  /** They fit in a few packets. Above `requestTimeout`, Node would use either for the other. */
  headersTimeout: 10_000,
  /** A client that sends its request slower than this is cut off. */
  requestTimeout: 30_000,
  /** Longer than the longest inbox poll. */
  keepAliveTimeout: 65_000,
  /** Nothing was sent or read for so long: the client is gone, or does not read its answers. */
  connectionTimeout: 90_000,
  /** How often Node looks for requests that take too long. */
  connectionsCheckingInterval: 2_000,
} as const;

/** Of all callers together; each caller and all handshakes have bounds of their own (peers/connection-bounds.ts). */
const MAX_CONNECTIONS = 10_000;

/** The bound on connections, and an answer to CONNECT, which Node would not give. */
export function limitConnections(server: Server): void {
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined);
    socket.end(rawProblem(new GatewayError('INVALID_PARAMETER', 'this is no proxy')));
  });
}

/**
 * Whether the connection must end with the answer. A body that nobody reads would be received to its end, if it has one;
 * and Node forgets what a client sent right behind a request for another protocol.
 */
export function endsWithAnswer(request: IncomingMessage): boolean {
  return !request.complete || request.headers.upgrade !== undefined;
}
