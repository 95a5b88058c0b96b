import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { conformanceProblems, testsByRow } from './evidence.js';
import { renderPage } from './render-page.js';
import { ROWS } from './rows.js';
import { readTestResults } from './test-results.js';

const PAGE = 'docs/conformance.md';
const HELP = `npm run conformance [-- --check]
  Writes ${PAGE} from the last whole npm test; with --check compares it with the page that stands.
  Exit code 1: a row is not shown, or the page is out of date. 2: wrong arguments, or no results of npm test.`;

/** Run from the root of the repository. Returns the exit code. */
function main(args: readonly string[]): number {
  if (args.some((one) => one !== '--check')) {
    console.log(HELP);
    return args.includes('--help') ? 0 : 2;
  }
  let tests;
  try {
    tests = testsByRow(readTestResults(process.cwd()));
  } catch (error) {
    console.error(`Conformance cannot be told: ${(error as Error).message}.`);
    return 2;
  }
  const problems = [...conformanceProblems(ROWS, tests)];
  const page = renderPage(tests);
  const stands = existsSync(PAGE) && readFileSync(PAGE, 'utf8') === page;
  if (!args.includes('--check')) writeFileSync(PAGE, page);
  else if (!stands) problems.push(`${PAGE} is out of date: run npm run conformance after npm test, and commit it`);
  for (const problem of problems) console.error(problem);
  const deviations = ROWS.filter(({ deviation }) => deviation !== undefined).length;
  console.log(`${ROWS.length} rows, ${deviations} with a deviation, ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
