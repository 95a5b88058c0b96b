import type { ErrorCode } from '../errors.js';

/** Who is calling, the form of the request, and the gateway itself: any call can be refused with one of these. */
export const ANY_CALL: readonly ErrorCode[] = [
  'PEER_UNKNOWN',
  'PEER_INACTIVE',
  'CERTIFICATE_NOT_REGISTERED',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'PERSON_CERTIFICATE',
  'REVOCATION_STATUS_UNKNOWN',
  'INVALID_PARAMETER',
  'NOT_ACCEPTABLE',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'RATE_LIMITED',
  'OVERLOADED',
  'LOG_UNAVAILABLE',
  'INTERNAL',
];

/** In place of the first six: who is calling, on the routes of officers. */
export const OFFICER_CALL: readonly ErrorCode[] = [
  'SYSTEM_CERTIFICATE',
  'OFFICER_UNKNOWN',
  'OFFICER_ROLE_NOT_ALLOWED',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'REVOCATION_STATUS_UNKNOWN',
  'INVALID_PARAMETER',
  'NOT_ACCEPTABLE',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'RATE_LIMITED',
  'OVERLOADED',
  'LOG_UNAVAILABLE',
  'INTERNAL',
];

/** A POST that has no body to read; one that is sent all the same is looked at from outside. */
export const NO_BODY: readonly ErrorCode[] = ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];

/** A call with a body. */
export const BODY: readonly ErrorCode[] = [
  ...NO_BODY,
  'MALFORMED_JSON',
  'DUPLICATE_KEY',
  'NESTING_TOO_DEEP',
  'SCHEMA_INVALID',
];

/** A call for a purpose. */
export const PURPOSE: readonly ErrorCode[] = ['PURPOSE_REQUIRED', 'PURPOSE_NOT_ALLOWED', 'PURPOSE_ENDED'];

/**
 * Codes of no call: the address or the method is none of those in the document; the result of one line of an answer.
 */
export const OF_NO_CALL: readonly ErrorCode[] = [
  // The public log stands outside the OpenAPI document (docs/decisions/0014).
  'NOT_COSIGNED_YET',
  'METHOD_NOT_ALLOWED',
  'ACKNOWLEDGEMENT_REFUSED',
];
