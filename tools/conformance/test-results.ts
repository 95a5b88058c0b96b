import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm test` leaves what ran (tools/run-tests.mjs). */
export const RESULTS_FOLDER = join('.ketenpoort', 'test-results');
const HALVES = ['unit', 'story'] as const;

/** One test of the last run. */
export interface TestResult {
  /** From the root of the repository. */
  readonly file: string;
  /** Title with those of the blocks around it. */
  readonly name: string;
  readonly status: string;
}

/** All tests of the last whole run. Throws with the next step when one half is missing. */
export function readTestResults(root: string): readonly TestResult[] {
  return HALVES.flatMap((half) => {
    try {
      return JSON.parse(readFileSync(join(root, RESULTS_FOLDER, `${half}.json`), 'utf8')) as TestResult[];
    } catch {
      throw new Error(`there are no results of the ${half} tests: run npm test, whole`);
    }
  });
}
