/** RFC 9457 document as the gateway writes it; passed on to the agency's system unchanged. */
export interface ProblemDocument {
  readonly type?: string;
  readonly title?: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly nextStep?: string;
  readonly errors?: readonly { readonly pointer: string; readonly rule: string; readonly detail: string }[];
}

/** The gateway answered, and the answer is a refusal. */
export class GatewayProblem extends Error {
  override readonly name = 'GatewayProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: ProblemDocument,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(`gateway answered ${status} ${code}`);
  }
}

/** No usable answer: connection refused, handshake failed, timed out, cut off. `code` never holds a value. */
export class GatewayUnreachable extends Error {
  override readonly name = 'GatewayUnreachable';

  constructor(readonly code: string) {
    super(`gateway not reachable: ${code}`);
  }
}

// These say that we as a peer are not welcome now; they say nothing about the message that we asked for.
const PEER_CODES = /^(PEER_|CERTIFICATE_|REVOCATION_|PERSON_)/;

/** True when the same request may succeed later without anything in it changing. */
export function isTransient(error: unknown): boolean {
  if (error instanceof GatewayUnreachable) return true;
  if (!(error instanceof GatewayProblem)) return false;
  return error.status >= 500 || error.status === 429 || error.status === 408 || PEER_CODES.test(error.code);
}
