import { ERRORS, type ErrorCode, type GatewayError } from '../errors.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

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
