import { HttpException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '../errors.js';
import { toGatewayError } from './translate-error.js';

describe('errors in the words of the catalogue', () => {
  it('leaves those of the gateway as they are', () => {
    const error = new GatewayError('WITHDRAWN', 'gone');
    expect(toGatewayError(error)).toBe(error);
  });

  it.each([
    [400, 'INVALID_PARAMETER'],
    [404, 'ROUTE_NOT_FOUND'],
    [413, 'BODY_TOO_LARGE'],
    [415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('reads status %i of the framework, wrapped by Nest or not', (statusCode, code) => {
    expect(toGatewayError(new HttpException('said /v1/0000123456', statusCode)).code).toBe(code);
    expect(toGatewayError(Object.assign(new Error(), { statusCode })).code).toBe(code);
  });

  it('does not take a client that went away for a database that went away', () => {
    const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET', statusCode: 400 });
    expect(toGatewayError(aborted).code).toBe('INVALID_PARAMETER');
    expect(toGatewayError(Object.assign(new Error(), { code: 'ECONNRESET' })).code).toBe('LOG_UNAVAILABLE');
  });

  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
  ])('takes what the driver says without a code for a database that went away: %s', (message) => {
    expect(toGatewayError(new Error(message)).code).toBe('LOG_UNAVAILABLE');
    expect(toGatewayError(new Error(`a value: ${message}`)).code).toBe('INTERNAL');
  });

  it.each([
    ...['40001', '42501', 'ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'],
    ...['EAI_AGAIN', 'ENOTFOUND'],
  ])('asks to come back when the database says %s', (code) => {
    const error = toGatewayError(Object.assign(new Error(), { code }));
    expect([error.code, error.extra.headers]).toEqual(['LOG_UNAVAILABLE', { 'retry-after': '5' }]);
  });

  it.each(['22008', '23505'])('does not ask to come back with what the database refuses (%s)', (code) => {
    expect(toGatewayError(Object.assign(new Error(), { code })).code).toBe('INTERNAL');
  });

  it.each([undefined, null, 'text', 7, new TypeError('x of 0000123456'), new HttpException('x', 500)])(
    'calls everything else internal and repeats nothing of it',
    (thrown) => {
      const error = toGatewayError(thrown);
      expect(error.code).toBe('INTERNAL');
      expect(error.detail).not.toContain('0000123456');
    },
  );
});
