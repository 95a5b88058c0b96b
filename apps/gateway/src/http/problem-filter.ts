import { randomUUID } from 'node:crypto';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { GatewayError } from '../errors.js';
import { allowedMethods } from './api-routes.js';
import { frameworkError, problemOf } from './problem.js';

/**
 * Every `CASE_NOT_AVAILABLE` leaves no sooner than this after the request came in, whatever had to be looked up, so that
 * the time does not tell whether the thing exists (G9).
 */
const NOT_AVAILABLE_BAND_MS = 60;

/** The only place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  async catch(exception: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.translate(exception, request);
    const instance = error.code === 'INTERNAL' || error.code === 'LOG_UNAVAILABLE' ? randomUUID() : undefined;
    if (instance) this.log.error({ instance, cause: describe(exception) }, 'a request failed inside the gateway');
    const problem = problemOf(error, instance);
    if (error.code === 'CASE_NOT_AVAILABLE') await untilBandEnds(reply);
    await reply
      .status(problem.status)
      .headers({ ...error.extra.headers })
      .type('application/problem+json')
      .send(JSON.stringify(problem));
  }

  private translate(exception: unknown, request: FastifyRequest): GatewayError {
    if (exception instanceof GatewayError) return exception;
    const framework = frameworkError(exception);
    if (framework) return framework;
    if (exception instanceof HttpException && exception.getStatus() === 404) return noRoute(request);
    if (isDatabaseTrouble(exception)) {
      return new GatewayError('LOG_UNAVAILABLE', 'the record could not be written, so nothing was done', {
        headers: { 'retry-after': '5' },
      });
    }
    return new GatewayError('INTERNAL', 'an unexpected condition; the log line carries this instance');
  }
}

function noRoute(request: FastifyRequest): GatewayError {
  const allowed = allowedMethods(request.url.split('?')[0] ?? '');
  if (allowed.length === 0) return new GatewayError('ROUTE_NOT_FOUND', 'no such address');
  return new GatewayError('METHOD_NOT_ALLOWED', 'this address exists, but not with this method', {
    headers: { allow: allowed.join(', ') },
  });
}

async function untilBandEnds(reply: FastifyReply): Promise<void> {
  const remainingMs = NOT_AVAILABLE_BAND_MS - reply.elapsedTime;
  if (remainingMs > 0) await new Promise((resolve) => setTimeout(resolve, remainingMs));
}

/** SQLSTATE (five characters) or a lost connection: the database did not take the record. */
function isDatabaseTrouble(exception: unknown): boolean {
  const code = (exception as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^([0-9A-Z]{5}|ECONN[A-Z]+|ETIMEDOUT|EPIPE|ENOENT)$/.test(code);
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
