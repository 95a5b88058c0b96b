import { HttpException } from '@nestjs/common';
import { GatewayError, type ErrorCode } from '../errors.js';

/** Statuses with which the web framework refuses a request, in the words of the catalogue. */
const FRAMEWORK_REFUSALS: Readonly<Record<number, readonly [code: ErrorCode, detail: string]>> = {
  // Also a client that goes away halfway through its body: that is no fault of the gateway and wakes nobody.
  400: ['INVALID_PARAMETER', 'the request is not well formed'],
  404: ['ROUTE_NOT_FOUND', 'no such address'],
  413: ['BODY_TOO_LARGE', 'the body is larger than 256 kB'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'the content type is not one that this call takes'],
};

/**
 * SQLSTATE (five characters), or a connection that is lost or cannot be had: the database did not take the record. Not
 * classes 22 and 23: a value or a row that it refuses is a fault of ours, and the same request will fail again.
 */
const DATABASE_TROUBLE =
  /^((?!2[23])[0-9A-Z]{5}|ECONN[A-Z]+|E(HOST|NET)(UNREACH|DOWN)|EAI_AGAIN|ENOTFOUND|ETIMEDOUT|EPIPE|ENOENT)$/;

/** What the driver says, without a code, of a connection that broke off or could not be had. */
const CONNECTION_TROUBLE = /^(Connection terminated|Client (has encountered|was closed)|timeout exceeded when trying)/;

/** Any error as one of the catalogue; what nobody foresaw is INTERNAL. */
export function toGatewayError(exception: unknown): GatewayError {
  if (exception instanceof GatewayError) return exception;
  const refusal = FRAMEWORK_REFUSALS[statusOf(exception)];
  if (refusal) return new GatewayError(...refusal);
  if (isDatabaseTrouble(exception)) {
    // Not "nothing was done": a connection that breaks at the commit says nothing of what became of it.
    return new GatewayError('LOG_UNAVAILABLE', 'the database did not confirm the record, so nothing leaves', {
      headers: { 'retry-after': '5' },
    });
  }
  return new GatewayError('INTERNAL', 'an unexpected condition; the log line carries this instance');
}

function isDatabaseTrouble(exception: unknown): boolean {
  const { code, message } = (exception ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return DATABASE_TROUBLE.test(code);
  return typeof message === 'string' && CONNECTION_TROUBLE.test(message);
}

/** Nest wraps the errors of Fastify, but not those from before its own pipeline. */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  return Number((exception as { statusCode?: unknown } | null)?.statusCode ?? 0);
}
