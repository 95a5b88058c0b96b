import { GatewayStartError, type StartProblem } from '../../apps/gateway/src/start-error.js';
import { problemsOf } from '../../apps/gateway/src/start-problems.js';

/** What one check found. `warn`: it works now, and will not go on by itself. */
export interface Outcome {
  readonly name: string;
  readonly level: 'ok' | 'warn' | 'fail';
  /** What was found, where nothing is wrong. */
  readonly found: string;
  /** Cause and next step of each thing that is wrong. */
  readonly problems: readonly StartProblem[];
}

/** Thrown by a check: not wrong yet. */
export class Warning extends GatewayStartError {
  override readonly name = 'Warning';
}

export const wrong = (cause: string, nextStep: string): GatewayStartError =>
  new GatewayStartError([{ cause, nextStep }]);
export const warning = (cause: string, nextStep: string): Warning => new Warning([{ cause, nextStep }]);

/** Runs one check. A check never rejects: what it throws is what it found. */
export async function outcomeOf(name: string, run: () => Promise<string>): Promise<Outcome> {
  try {
    return { name, level: 'ok', found: await run(), problems: [] };
  } catch (error) {
    return { name, level: error instanceof Warning ? 'warn' : 'fail', found: '', problems: problemsOf(error) };
  }
}

/** One line, or three for what is wrong. */
export function outcomeText({ name, level, found, problems }: Outcome): string {
  if (level === 'ok') return `ok     ${name}: ${found}`;
  const label = level.padEnd(6);
  return problems
    .map(({ cause, nextStep }) => `${label} ${name}\n       cause: ${cause}\n       next:  ${nextStep}`)
    .join('\n');
}
