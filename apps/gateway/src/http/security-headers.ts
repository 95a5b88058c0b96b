import { API_VERSION } from './api-routes.js';

/** API Design Rules 2.2 /core/transport/security-headers and /core/version-header: on every answer, also on errors. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'api-version': API_VERSION,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
