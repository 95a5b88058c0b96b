import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayError, type ErrorCode } from '../errors.js';
import { rawProblem } from './write-problem.js';

/** Time in which a client that is still sending can read why it was refused, before the connection is cut. */
const LINGER_MS = 2_000;

const REFUSALS: Readonly<Record<string, readonly [code: ErrorCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'the request line and headers are larger than 16 kB'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['BODY_TOO_LARGE', 'the chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'the request did not arrive in time'],
};

/**
 * Node 20 breaks off a TLS connection on which so much is sent ahead of the answers that it stops reading. An answer
 * to that would be taken for the answer to a request that still runs.
 */
const SENT_TOO_FAR_AHEAD = 'HPE_PAUSED';

/** What Node's HTTP parser would not read, in the words of the catalogue; null when there is nothing to say about it. */
export function clientError(code: string | undefined): GatewayError | null {
  if (code === SENT_TOO_FAR_AHEAD) return null;
  const refusal = REFUSALS[code ?? ''];
  if (refusal) return new GatewayError(...refusal);
  return code?.startsWith('HPE_') ? new GatewayError('INVALID_PARAMETER', 'the request is not well formed') : null;
}

/** Connections on which a bad request waits for the answers to those before it. */
const waiting = new WeakSet<Duplex>();

/**
 * Listener for `clientError`. It also hears of failed handshakes and broken connections: those get no byte of an answer.
 * Every chunk that follows a bad request is one more error, so it may be called again for the same connection.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (socket.writableEnded || waiting.has(socket)) return;
  const refused = clientError(error.code);
  if (refused === null || !socket.writable) {
    socket.destroy();
    return;
  }
  const before = answerBefore(socket);
  if (before) {
    waiting.add(socket);
    before.once('close', () => {
      waiting.delete(socket);
      // By then the next answer in line, if there is one, has the connection.
      setImmediate(() => answerClientError(error, socket));
    });
    return;
  }
  socket.end(rawProblem(refused));
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/**
 * The answer that must leave before anything about the bad request: a client that sends several requests one behind
 * another takes what comes first for the answer to its first. Null when the bad request is the one whose turn it is: a
 * body that cannot be read belongs to the request of which it is the body.
 */
function answerBefore(socket: Duplex): ServerResponse | null {
  // Node has no public name for it, and a story fails should it go.
  const { _httpMessage: current } = socket as Duplex & { readonly _httpMessage?: ServerResponse | null };
  return current && (current.req.complete || current.headersSent) ? current : null;
}
