/** One reason why the gateway will not start, for a person: cause and next step. */
export interface StartProblem {
  readonly cause: string;
  readonly nextStep: string;
}

export class GatewayStartError extends Error {
  constructor(readonly problems: readonly StartProblem[]) {
    super(problems.map((one) => `${one.cause}. ${one.nextStep}`).join('\n'));
    this.name = 'GatewayStartError';
  }
}
