import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import rateLimit from '@fastify/rate-limit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ServerTlsOptions } from '#identity/tls-options.js';
import { GatewayError } from '../errors.js';
import type { Peer } from '../peers/peer.js';
import { ProblemFilter } from './problem-filter.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { traceOf, type TraceContext } from './trace-context.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook; a route never runs without it. */
    peer: Peer;
    trace: TraceContext;
  }
}

/** Largest body of any call. */
const BODY_LIMIT_BYTES = 256 * 1024;
/** A client that sends its request slower than this is cut off. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the longest inbox poll. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_PARAM_LENGTH = 128;

export interface AgencyServerParts {
  readonly tls: ServerTlsOptions;
  readonly log: Logger;
  /** Who is calling; throws a GatewayError when nobody registered is. */
  readonly identify: (socket: TLSSocket) => Peer;
  /** Called when `identify` refused a certificate that is valid but not welcome: the attempt is evidence (G2). */
  readonly onRefusedPeer: (error: GatewayError, socket: TLSSocket, trace: TraceContext) => Promise<void>;
}

/** The mutually authenticated server of design 5: Nest on Fastify, with the checks in this one order. */
export async function createAgencyServer(module: object, parts: AgencyServerParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    https: parts.tls,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    logger: false,
    genReqId: () => '',
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.decorateRequest('peer');
  fastify.decorateRequest('trace');
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    request.trace = traceOf(header(request, 'traceparent'));
    request.peer = await identified(parts, request);
    refuseUnacceptable(request);
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  // Bytes, not objects: duplicate keys and depth are judged on what was really sent.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    ['application/json', 'application/cloudevents+json'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  );
  // Per organisation, only where a route asks for it (search): a number of 10 digits must not be found by trying.
  await fastify.register(rateLimit, {
    global: false,
    keyGenerator: (request) => request.peer.oin,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = String(Math.max(1, Math.ceil(ttl / 1_000)));
      return new GatewayError('RATE_LIMITED', 'too many searches', { headers: { 'retry-after': seconds } });
    },
  });
  app.useGlobalFilters(new ProblemFilter(parts.log));
  return app;
}

export function httpsServerOf(app: NestFastifyApplication): Server {
  return app.getHttpServer() as unknown as Server;
}

async function identified(parts: AgencyServerParts, request: FastifyRequest): Promise<Peer> {
  const socket = request.raw.socket as TLSSocket;
  try {
    return parts.identify(socket);
  } catch (error) {
    if (error instanceof GatewayError) await parts.onRefusedPeer(error, socket, request.trace);
    throw error;
  }
}

function refuseUnacceptable(request: FastifyRequest): void {
  const accept = header(request, 'accept');
  if (accept === undefined || /(\*\/\*|application\/(\*|json|problem\+json|cloudevents\+json))/.test(accept)) return;
  throw new GatewayError('NOT_ACCEPTABLE', 'answers are JSON');
}

/** A header that may stand once; Node joins repeated ones with a comma, which no single-valued header survives. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
