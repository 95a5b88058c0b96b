import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.js';
import { refusal, type Exchange } from './exchange.js';
import { UUID_PATTERN } from '../http/api-schemas.js';

const UUID = new RegExp(UUID_PATTERN);

/**
 * An id from the path. What is no id at all gets the answer of an id that does not exist, and its own record: the form
 * of an address must not be a way to probe.
 */
export async function idOrNotAvailable(
  exchange: Exchange,
  request: FastifyRequest,
  given: string,
  action: string,
): Promise<string> {
  if (UUID.test(given)) return given;
  const error = new GatewayError('CASE_NOT_AVAILABLE', 'not available', { reason: 'the id is malformed' });
  await exchange.recordRefusal(refusal(request.peer, action, error, request.trace));
  throw error;
}
