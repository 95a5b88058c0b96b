import { GatewayError, ERRORS, type ErrorCode } from '../errors.js';

/** RFC 9457 document. Holds nothing of the request: no value, no unknown name, no stack. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly nextStep: string;
  readonly errors?: readonly { readonly pointer: string; readonly rule: string; readonly detail: string }[];
  /** Only on INTERNAL: the id under which the log line stands. */
  readonly instance?: string;
}

export function problemOf(error: GatewayError, instance?: string): Problem {
  const entry = ERRORS[error.code];
  return {
    type: `https://ketenpoort.example/fouten/${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: entry.title,
    status: entry.status,
    detail: error.detail,
    code: error.code,
    nextStep: entry.nextStep,
    ...(error.extra.issues ? { errors: error.extra.issues } : {}),
    ...(instance === undefined ? {} : { instance: `urn:uuid:${instance}` }),
  };
}

/** Errors of the web framework in the words of the catalogue; null when it is not one of those. */
export function frameworkError(error: unknown): GatewayError | null {
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || statusCode === 413)
    return new GatewayError('BODY_TOO_LARGE', 'the body is larger than 256 kB');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || statusCode === 415) {
    return new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'the content type is not one that this call takes');
  }
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' || code === 'FST_ERR_BAD_URL') {
    return new GatewayError('INVALID_PARAMETER', 'the request is not well formed');
  }
  return null;
}
