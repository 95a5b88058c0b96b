/** Why a message is handed back to the gateway as `failed`; it parks the case for this recipient under that code. */
export const FAILURE_CODES = [
  'SYSTEM_REFUSED',
  'SYSTEM_UNAVAILABLE',
  'CONTENT_REFUSED',
  'PURPOSE_NOT_CONFIGURED',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];
