/** What can be wrong with the identity material that an operator configures. */
export type IdentityErrorCode =
  | 'FILE_MISSING'
  | 'FILE_UNREADABLE'
  | 'FILE_TOO_LARGE'
  | 'KEY_FILE_EXPOSED'
  | 'KEY_MALFORMED'
  | 'KEY_MISMATCH'
  | 'KEY_TOO_WEAK'
  | 'CERTIFICATE_MALFORMED'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_WRONG_NAME'
  | 'CRL_MALFORMED'
  | 'CRL_UNTRUSTED'
  | 'CRL_UNSUPPORTED'
  | 'CRL_OLDER';

/** Thrown at start-up and at reload: names the cause and the next step. Never holds key material. */
export class IdentityError extends Error {
  constructor(
    readonly code: IdentityErrorCode,
    readonly detail: string,
    readonly nextStep: string,
  ) {
    super(`${code}: ${detail} ${nextStep}`);
    this.name = 'IdentityError';
  }
}
