export interface DeliveryFailureOptions extends ErrorOptions {
  /** True: try again later, for as long as it takes. False: it will never work, the gateway has to park it. */
  readonly retryable: boolean;
  /** Machine-readable reason; the adapter reports it to the gateway. Never personal data. */
  readonly code: string;
}

/** Why a notification could not be delivered to the agency. What a handler throws so that the transport can tell. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure';
  readonly retryable: boolean;
  readonly code: string;

  constructor(options: DeliveryFailureOptions) {
    super(options.code, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryable = options.retryable;
    this.code = options.code;
  }
}

/** Something that no handler meant to throw: a bug or a failure nobody thought of. Retried, but not forever. */
export const UNEXPECTED = 'UNEXPECTED';

/** The failure itself, or a retryable `UNEXPECTED` around anything else. */
export function asDeliveryFailure(error: unknown): DeliveryFailure {
  return error instanceof DeliveryFailure
    ? error
    : new DeliveryFailure({ retryable: true, code: UNEXPECTED, cause: error });
}
