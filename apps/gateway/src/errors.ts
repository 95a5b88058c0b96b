import { CALLER_ERRORS } from './error-catalogue/caller-errors.js';
import { REQUEST_ERRORS } from './error-catalogue/request-errors.js';
import { RELATION_ERRORS } from './error-catalogue/relation-errors.js';
import { CASE_ERRORS } from './error-catalogue/case-errors.js';
import { EXCHANGE_ERRORS } from './error-catalogue/exchange-errors.js';
import { LOG_ERRORS } from './error-catalogue/log-errors.js';
import { AUDIT_ERRORS } from './error-catalogue/audit-errors.js';
import { REPORT_ERRORS } from './error-catalogue/report-errors.js';
import { GATEWAY_ERRORS } from './error-catalogue/gateway-errors.js';

/** The one catalogue of errors that leave the gateway; `docs/errors.md` is generated from it. */
export const ERRORS = {
  ...CALLER_ERRORS,
  ...REQUEST_ERRORS,
  ...RELATION_ERRORS,
  ...CASE_ERRORS,
  ...EXCHANGE_ERRORS,
  ...LOG_ERRORS,
  ...AUDIT_ERRORS,
  ...REPORT_ERRORS,
  ...GATEWAY_ERRORS,
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** The one typed error that crosses rooms; the problem document is made only at the HTTP edge. */
export class GatewayError extends Error {
  constructor(
    readonly code: ErrorCode,
    /** English, for logs and the `detail` member. Never holds a value from the request. */
    readonly detail: string,
    readonly extra: {
      readonly issues?: readonly { pointer: string; rule: string; detail: string }[];
      readonly headers?: Readonly<Record<string, string>>;
      /** The true reason, for the access record alone, where the caller must not learn it. No value either. */
      readonly reason?: string;
    } = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'GatewayError';
  }

  /** Why, as the access record says it. */
  get reason(): string {
    return this.extra.reason ?? this.detail;
  }
}
