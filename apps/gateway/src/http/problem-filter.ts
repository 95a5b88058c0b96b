import { randomUUID } from 'node:crypto';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { problems } from '../metrics/gateway-metrics.js';
import { NOT_AVAILABLE, untilBandEnds } from './not-available-band.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from './problem.js';
import { restOfBody } from './rest-of-body.js';
import { toGatewayError } from './translate-error.js';

/** The only place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  async catch(exception: unknown, host: ArgumentsHost): Promise<void> {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toGatewayError(exception);
    const instance = error.code === 'INTERNAL' || error.code === 'LOG_UNAVAILABLE' ? randomUUID() : undefined;
    const { traceId } = reply.request.trace;
    if (instance)
      this.log.error({ instance, traceId, cause: describe(exception) }, 'a request failed inside the gateway');
    const problem = problemOf(error, instance);
    problems.add({ code: error.code });
    if (NOT_AVAILABLE.includes(error.code)) await untilBandEnds(reply.request.arrivedAtMs);
    await restOfBody(reply.request.raw);
    await reply
      .status(problem.status)
      .headers({ ...error.extra.headers })
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problem));
  }
}

/** Name, code and place of an error; never its message, which may quote data. */
function describe(exception: unknown): Record<string, unknown> {
  if (!(exception instanceof Error)) return { kind: typeof exception };
  const frames = (exception.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    name: exception.name,
    code: (exception as { code?: unknown }).code,
    at: frames.slice(0, 5).map((line) => line.trim()),
  };
}
