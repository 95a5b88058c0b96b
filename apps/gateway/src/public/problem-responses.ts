import { ERRORS, GatewayError, type ErrorCode } from '../errors.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from '../http/problem.js';

const VERSION_HEADER = { 'API-Version': { $ref: '#/components/headers/ApiVersion' } };
const RETRY_HEADER = { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } };
/** Answers that may say when to come back. */
const RETRY_STATUSES = new Set([429, 503]);
const ISSUES = [{ pointer: '/data/pilot', rule: 'required', detail: 'is required' }];

/** The refusals of one call by status, each code as an example that stands once in `components`. */
export function problemResponses(codes: readonly ErrorCode[]): Record<string, object> {
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const those = codes.filter((code) => ERRORS[code].status === status);
      return [String(status), problemResponse(status, those)] as const;
    }),
  );
}

/** An example of each problem, for `components.examples`. */
export function problemExamples(codes: readonly ErrorCode[]): Record<string, object> {
  return Object.fromEntries(codes.map((code) => [code, { summary: ERRORS[code].title, value: exampleOf(code) }]));
}

function problemResponse(status: number, codes: readonly ErrorCode[]): object {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(' '),
    headers: { ...VERSION_HEADER, ...(RETRY_STATUSES.has(status) ? RETRY_HEADER : {}) },
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

function exampleOf(code: ErrorCode): object {
  const lists = code === 'SCHEMA_INVALID' || code === 'INVALID_PARAMETER';
  const detail = 'the cause in English, without any value of the request';
  return problemOf(new GatewayError(code, detail, lists ? { issues: ISSUES } : {}));
}
