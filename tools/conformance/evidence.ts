import type { ConformanceRow } from './rows.js';
import type { TestResult } from './test-results.js';

const ROW_ID = /\bC\d\d\b/g;

/** The tests that show a row, by file; files and names in the order of the alphabet. */
export interface Evidence {
  readonly file: string;
  readonly names: readonly string[];
}

/** Tests by the ids of the rows that they name. */
export function testsByRow(results: readonly TestResult[]): ReadonlyMap<string, readonly TestResult[]> {
  const found = new Map<string, TestResult[]>();
  for (const result of results) {
    for (const id of new Set(result.name.match(ROW_ID))) found.set(id, [...(found.get(id) ?? []), result]);
  }
  return found;
}

/** What stands against the claim, a sentence each: rows that nothing shows, tests of a row that did not pass, unknown ids. */
export function conformanceProblems(
  rows: readonly ConformanceRow[],
  tests: ReadonlyMap<string, readonly TestResult[]>,
): readonly string[] {
  const known = new Set(rows.map(({ id }) => id));
  const bare = rows.filter(({ id, deviation }) => !tests.has(id) && deviation === undefined);
  const unknown = [...tests].filter(([id]) => !known.has(id));
  const notPassed = [...tests].flatMap(([id, results]) =>
    results
      .filter(({ status }) => status !== 'passed')
      .map(({ file, name, status }) => `${id}: ${status}: ${file}: ${name}`),
  );
  return [
    ...bare.map(({ id }) => `${id}: no test has it in its name, and no deviation is written down`),
    ...unknown.map(([id, [first]]) => `${id}: is no row that is claimed, but ${first?.file} names it`),
    ...notPassed,
  ];
}

/** The tests of one row in a fixed order. */
export function evidenceOf(results: readonly TestResult[]): readonly Evidence[] {
  const files = [...new Set(results.map(({ file }) => file))].sort();
  return files.map((file) => ({
    file,
    names: [...new Set(results.filter((one) => one.file === file).map(({ name }) => name))].sort(),
  }));
}
