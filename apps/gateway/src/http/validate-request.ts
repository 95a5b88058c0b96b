import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { isInstant, isLocalDate } from '#contracts/date-formats.js';
import { parseStrictJson, StrictJsonError } from '#contracts/strict-json.js';
import { GatewayError, type ErrorCode } from '../errors.js';
import { ACKNOWLEDGEMENTS_SCHEMA, INBOX_QUERY_SCHEMA, SEARCH_SCHEMA } from './api-schemas.js';
import { ACCESS_EVALUATION_SCHEMA, POLICY_EVALUATION_SCHEMA } from './evaluation-schemas.js';
import { GRANT_END_SCHEMA, GRANT_SCHEMA } from './grant-schemas.js';
import { GRANT_REQUEST_SCHEMA, LOG_SEARCH_SCHEMA } from './audit-schemas.js';
import {
  PART_EXTENSION_SCHEMA,
  PART_REFUSAL_SCHEMA,
  PART_RELEASE_SCHEMA,
  REPORT_DOCUMENT_QUERY_SCHEMA,
  REPORT_PAGE_QUERY_SCHEMA,
  REPORT_REQUEST_SCHEMA,
} from './report-schemas.js';
import { PROCESSING_SEARCH_SCHEMA } from './processing-schemas.js';

const FORMATS = { 'date-time': isInstant, date: isLocalDate };
/** To judge the schemas themselves costs a process more than to compile them; a test does it. */
const validateSchema = false;
const body = new Ajv2020({ allErrors: true, strict: true, formats: FORMATS, validateSchema });
/** Query values are text: numbers are read from it, and defaults filled in. */
const query = new Ajv2020({ allErrors: true, strict: true, coerceTypes: true, useDefaults: true, validateSchema });
const bodies = {
  acknowledgements: body.compile(ACKNOWLEDGEMENTS_SCHEMA),
  search: body.compile(SEARCH_SCHEMA),
  grant: body.compile(GRANT_SCHEMA),
  grantEnd: body.compile(GRANT_END_SCHEMA),
  policyEvaluation: body.compile(POLICY_EVALUATION_SCHEMA),
  accessEvaluation: body.compile(ACCESS_EVALUATION_SCHEMA),
  logSearch: body.compile(LOG_SEARCH_SCHEMA),
  grantRequest: body.compile(GRANT_REQUEST_SCHEMA),
  reportRequest: body.compile(REPORT_REQUEST_SCHEMA),
  partExtension: body.compile(PART_EXTENSION_SCHEMA),
  partRelease: body.compile(PART_RELEASE_SCHEMA),
  partRefusal: body.compile(PART_REFUSAL_SCHEMA),
  processingSearch: body.compile(PROCESSING_SEARCH_SCHEMA),
};
export type BodyName = keyof typeof bodies;
const inboxQuery = query.compile(INBOX_QUERY_SCHEMA);
const queries = {
  reportPage: query.compile(REPORT_PAGE_QUERY_SCHEMA),
  reportDocument: query.compile(REPORT_DOCUMENT_QUERY_SCHEMA),
};
const MAX_ISSUES = 50;

/** Parses and checks a JSON body. Throws SCHEMA_INVALID with every error, MALFORMED_JSON and its kin otherwise. */
export function readBody<T>(name: BodyName, bytes: unknown, contentType: string | undefined): T {
  if (!Buffer.isBuffer(bytes) || !/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'this call takes application/json');
  }
  let value: unknown;
  try {
    value = parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof StrictJsonError) throw new GatewayError(error.code, 'the body was not read any further');
    throw error;
  }
  check(bodies[name], value, 'SCHEMA_INVALID');
  return value as T;
}

/** Checks the query of an inbox call; unknown and repeated parameters are refused. */
export function readInboxQuery(raw: unknown): {
  after: number;
  limit: number;
  waitSeconds: number;
  state?: 'outstanding';
} {
  const value = { ...(raw as Record<string, unknown>) };
  check(inboxQuery, value, 'INVALID_PARAMETER');
  return value as unknown as ReturnType<typeof readInboxQuery>;
}

/** Checks any other query, and fills in what has a default. */
export function readQuery<T>(name: keyof typeof queries, raw: unknown): T {
  const value = { ...(raw as Record<string, unknown>) };
  check(queries[name], value, 'INVALID_PARAMETER');
  return value as T;
}

function check(validate: ValidateFunction, value: unknown, code: ErrorCode): void {
  if (validate(value)) return;
  const issues = (validate.errors ?? []).slice(0, MAX_ISSUES).map(issueOf);
  throw new GatewayError(code, 'the request does not meet its schema', { issues });
}

/** Place and rule; never the value, nor the name of an unknown property. */
function issueOf(error: ErrorObject): { pointer: string; rule: string; detail: string } {
  const missing =
    error.keyword === 'required' ? `/${String((error.params as { missingProperty: string }).missingProperty)}` : '';
  const detail =
    error.keyword === 'additionalProperties'
      ? 'has a property that is not in the schema'
      : (error.message ?? 'is not valid');
  return { pointer: `${error.instancePath}${missing}`, rule: error.keyword, detail };
}
