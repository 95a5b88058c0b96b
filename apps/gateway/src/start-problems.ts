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
  const listening = listenProblem(error as NodeJS.ErrnoException & { port?: number });
  if (listening) return [listening];
  // The place in the code is for the log of whoever mends it; an operator who reads this can do nothing with it.
  const what = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  return [{ cause: `Unexpected: ${what}`, nextStep: 'Report this to the maintainers.' }];
}

function listenProblem({ syscall, code, port }: NodeJS.ErrnoException & { port?: number }): StartProblem | null {
  if (syscall !== 'listen') return null;
  const ports = 'GATEWAY_PORT, PUBLIC_PORT or MANAGEMENT_PORT';
  return code === 'EADDRINUSE'
    ? { cause: `Port ${port} is in use`, nextStep: `Stop the other process, or set another ${ports}.` }
    : {
        cause: `Port ${port} cannot be opened (${code})`,
        nextStep: `Set GATEWAY_HOST and ${ports} to what is allowed.`,
      };
}
