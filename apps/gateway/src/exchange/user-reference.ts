import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.js';
import { header } from '../http/agency-server.js';
import type { Refusal } from './accept/accept-types.js';
import { refusal, type Exchange } from './exchange.js';

const USER_REFERENCE = /^[\w.:@-]{1,100}$/;

/**
 * The agency's own pseudonym of a person: short, one token, kept in the record only. What is no such token is refused
 * and recorded without it: it may be a name.
 * @throws GatewayError `INVALID_PARAMETER`
 */
export async function userReferenceOf(
  exchange: Exchange,
  request: FastifyRequest,
  action: string,
  about: Partial<Pick<Refusal, 'caseId' | 'messageId'>> = {},
): Promise<string | undefined> {
  const value = header(request, 'user-reference');
  return await exchange.orRefuse(
    () => {
      if (value === undefined || USER_REFERENCE.test(value)) return value;
      throw new GatewayError('INVALID_PARAMETER', 'User-Reference is one token of at most 100 characters');
    },
    (error) => ({ ...refusal(request.peer, action, error, request.trace), ...about }),
  );
}
