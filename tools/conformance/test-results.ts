import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm test` leaves what ran (tools/run-tests.mjs). */
export const RESULTS_FOLDER = join('.ketenpoort', 'test-results');
const PROJECTS = ['unit', 'story', 'alone'] as const;

/** One test of the last run. */
export interface TestResult {
  /** From the root of the repository. */
  readonly file: string;
  /** Title with those of the blocks around it. */
  readonly name: string;
  readonly status: string;
}

/** All tests of the last whole run. Throws with the next step when those of one project are missing. */
export function readTestResults(root: string): readonly TestResult[] {
  return PROJECTS.flatMap((project) => {
    try {
      return JSON.parse(readFileSync(join(root, RESULTS_FOLDER, `${project}.json`), 'utf8')) as TestResult[];
    } catch {
      throw new Error(`there are no results of the ${project} tests: run npm test, whole`);
    }
  });
}
