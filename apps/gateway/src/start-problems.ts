import { IdentityError } from '#identity/identity-error.js';
import { PolicyError } from './policy/policy-error.js';
import { GatewayStartError, type StartProblem } from './start-error.js';

/** Cause and next step of whatever keeps the gateway from starting. */
export function problemsOf(error: unknown): readonly StartProblem[] {
  if (error instanceof GatewayStartError) return error.problems;
  if (error instanceof IdentityError) return [{ cause: error.detail, nextStep: error.nextStep }];
  if (error instanceof PolicyError)
    return [
      { cause: error.message, nextStep: 'Restore the policy files, or check them with: npm run policy -- check' },
    ];
  if ((error as { code?: unknown }).code === 'EADDRINUSE')
    return [
      { cause: 'A port is in use', nextStep: 'Stop the other process, or set GATEWAY_PORT and MANAGEMENT_PORT.' },
    ];
  return [
    {
      cause: `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`,
      nextStep: 'Report this to the maintainers.',
    },
  ];
}
