import type { ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import rateLimit from '@fastify/rate-limit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ServerTlsOptions } from '#identity/tls-options.js';
import { GatewayError } from '../errors.js';
import type { Officer, Peer } from '../peers/peer.js';
import { Admission } from './admission.js';
import { callerOf, leavesRecord } from './api-routes.js';
import { answerClientError } from './client-error.js';
import { CONNECTION_LIMITS, endsWithAnswer, limitConnections } from './connection-limits.js';
import { stripInternalHeaders } from './internal-headers.js';
import { ProblemFilter } from './problem-filter.js';
import { countAnswer } from './count-answer.js';
import { checkRequestForm } from './request-form.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { traceOf, type TraceContext } from '../trace-context.js';
import { follow } from '../tracing/tracing.js';
import { toGatewayError } from './translate-error.js';
import { writeProblem } from './write-problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook on every route of systems; such a route never runs without it. */
    peer: Peer;
    /** Set instead of `peer` on the routes of officers (`ApiRoute.caller`). */
    officer: Officer | undefined;
    trace: TraceContext;
    /** `performance.now()`. Fastify's own clock of a reply stands still while its logger is off. */
    arrivedAtMs: number;
  }
}

/** Largest body of any call. */
const BODY_LIMIT_BYTES = 256 * 1024;

export interface AgencyServerParts {
  readonly tls: ServerTlsOptions;
  readonly log: Logger;
  /** Why no work is taken now, before anything of it happens; null when it is. */
  readonly refusalOfWork: () => GatewayError | null;
  /** Of one organisation or officer. */
  readonly requestsPerSecond: number;
  /** Who is calling; throws a GatewayError when nobody registered is. */
  readonly identify: (socket: TLSSocket) => Peer;
  /** Which person is calling; throws likewise. */
  readonly identifyOfficer: (socket: TLSSocket) => Officer;
  /** Called when `identify` refused a certificate that is valid but not welcome: the attempt is evidence (G2). */
  readonly onRefusedPeer: (error: GatewayError, socket: TLSSocket, trace: TraceContext) => Promise<void>;
}

/** The mutually authenticated server of design 5: Nest on Fastify, with the checks in this one order. */
export async function createAgencyServer(module: object, parts: AgencyServerParts): Promise<NestFastifyApplication> {
  const adapter = agencyAdapter(parts);
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.decorateRequest('peer');
  fastify.decorateRequest('officer');
  fastify.decorateRequest('trace');
  fastify.decorateRequest('arrivedAtMs');
  const { requestsPerSecond } = parts;
  const admission = new Admission({ requestsPerSecond, maxBodyBytes: BODY_LIMIT_BYTES });
  fastify.addHook('onRequest', async (request, reply) => {
    await opened(parts, request, reply);
    await admission.enter(callerName(request), request.raw, reply.raw);
    stripInternalHeaders(request.headers, request.officer ? null : request.peer.kind);
    const { method, url: target, headers, is404, raw } = request;
    checkRequestForm({ method, target, headers, routed: !is404, rawHeaders: raw.rawHeaders });
    const refused = leavesRecord(method, target.split('?')[0] ?? '') ? parts.refusalOfWork() : null;
    if (refused) throw refused;
  });
  fastify.addHook('onResponse', countAnswer);
  fastify.addHook('preHandler', (request, _reply, done) => admission.begin(callerName(request), done));
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (endsWithAnswer(request.raw)) void reply.header('connection', 'close');
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  // Bytes, not objects: duplicate keys and depth are judged on what was really sent.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    ['application/json', 'application/cloudevents+json', 'text/plain'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  );
  // Per organisation, only where a route asks for it (search): a number of 10 digits must not be found by trying.
  await fastify.register(rateLimit, {
    global: false,
    keyGenerator: callerName,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = String(Math.max(1, Math.ceil(ttl / 1_000)));
      return new GatewayError('RATE_LIMITED', 'too many of these calls', { headers: { 'retry-after': seconds } });
    },
  });
  app.useGlobalFilters(new ProblemFilter(parts.log));
  limitConnections(httpsServerOf(app));
  httpsServerOf(app).on('checkExpectation', (_request, response: ServerResponse) => {
    writeProblem(response, new GatewayError('INVALID_PARAMETER', 'the header Expect holds an unknown expectation'));
  });
  return app;
}

/** Fastify with a limit on everything, and no answer of its own that lacks version or problem document. */
function agencyAdapter(parts: AgencyServerParts): FastifyAdapter {
  return new FastifyAdapter({
    // A missing Host is answered by our own check: Node's answer has no version and no problem document.
    https: { ...parts.tls, ...CONNECTION_LIMITS, requireHostHeader: false },
    bodyLimit: BODY_LIMIT_BYTES,
    // Fastify sets these three on the server once more, to defaults of its own.
    requestTimeout: CONNECTION_LIMITS.requestTimeout,
    keepAliveTimeout: CONNECTION_LIMITS.keepAliveTimeout,
    connectionTimeout: CONNECTION_LIMITS.connectionTimeout,
    exposeHeadRoutes: false,
    // As long as any address can be: an over-long id is an id that does not exist, with the same answer and record.
    routerOptions: { maxParamLength: CONNECTION_LIMITS.maxHeaderSize },
    // What comes in while the gateway stops is finished like all that runs.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    // The router refuses an address that it cannot decode before any hook runs; who is calling is asked all the same.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void opened(parts, request, reply)
        .then(
          () => error,
          (refused: unknown) => refused,
        )
        .then((reason) => {
          reply.hijack();
          writeProblem(reply.raw, toGatewayError(reason));
        });
    },
    logger: false,
    genReqId: () => '',
  });
}

export function httpsServerOf(app: NestFastifyApplication): Server {
  return app.getHttpServer() as unknown as Server;
}

/** What comes before anything else on every request: the headers of every answer, the trace, who is calling. */
async function opened(parts: AgencyServerParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  request.arrivedAtMs = performance.now();
  void reply.headers(SECURITY_HEADERS);
  request.trace = traceOf(header(request, 'traceparent'));
  follow(request.trace);
  await identified(parts, request);
}

async function identified(parts: AgencyServerParts, request: FastifyRequest): Promise<void> {
  const socket = request.raw.socket as TLSSocket;
  const caller = callerOf(request.method, (request.url.split('?')[0] ?? '').replace(/#.*$/, ''));
  try {
    if (caller === 'officer' || (caller === 'either' && isPerson(parts, socket))) {
      request.officer = parts.identifyOfficer(socket);
    } else {
      request.peer = parts.identify(socket);
    }
  } catch (error) {
    // One connection too many says nothing about who is calling (G2: a figure, no record).
    const evidence = error instanceof GatewayError && error.code !== 'RATE_LIMITED';
    if (evidence) await parts.onRefusedPeer(error, socket, request.trace);
    throw error;
  }
}

/** An organisation, or one of its officers. */
function callerName({ officer, peer }: FastifyRequest): string {
  return officer?.thumbprint ?? peer.oin;
}

/** On a route for both, the certificate says who asks; any other fault is answered as to a system. */
function isPerson(parts: AgencyServerParts, socket: TLSSocket): boolean {
  try {
    parts.identify(socket);
    return false;
  } catch (error) {
    return error instanceof GatewayError && error.code === 'PERSON_CERTIFICATE';
  }
}

/** A header that may stand once; Node joins repeated ones with a comma, which no single-valued header survives. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
