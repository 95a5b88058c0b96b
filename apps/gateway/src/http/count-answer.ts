import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpRequests, httpSeconds } from '../metrics/gateway-metrics.js';
import { answered } from '../tracing/tracing.js';

const MILLISECONDS = 1_000;

/** Hook after each answer: figures, and the span of a followed request. The route is the pattern, never the address: that may hold an id (C20). */
export function countAnswer(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const route = request.routeOptions.url ?? 'none';
  const method = route === 'none' ? 'none' : request.method;
  const status = `${Math.floor(reply.statusCode / 100)}xx`;
  // Not there when the caller was refused before it was known.
  const peer = request.peer as FastifyRequest['peer'] | undefined;
  const kind = request.officer ? 'OFFICER' : (peer?.kind ?? 'none');
  httpRequests.add({ route, method, status, peer_kind: kind });
  httpSeconds.observe((performance.now() - request.arrivedAtMs) / MILLISECONDS, { route, method });
  answered(request.trace, request.arrivedAtMs, { route, method, status: reply.statusCode });
  done();
}
