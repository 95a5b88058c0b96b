import { describe, expect, it } from '@jest/globals';
import { conformanceProblems, evidenceOf, testsByRow } from './evidence.js';
import { renderPage } from './render-page.js';
import { ROWS } from './rows.js';

const rows = ROWS.slice(0, 2).map(({ id, statement, source }) => ({ id, statement, source }));
const passed = (name: string, file = 'test/a.spec.ts') => ({ file, name, status: 'passed' });

describe('the rows', () => {
  it('are the first five and those from the sixteenth on, each once', () => {
    const ids = [...Array(36).keys()].map((n) => `C${String(n + 1).padStart(2, '0')}`);
    expect(ROWS.map(({ id }) => id)).toEqual(ids.filter((id) => id <= 'C05' || id >= 'C16'));
  });
});

describe('the check', () => {
  it('is content when each row has a test that passed, also one that shows several', () => {
    expect(conformanceProblems(rows, testsByRow([passed('C01 C02: both'), passed('of no row: AC012')]))).toEqual([]);
  });

  it('names a row that nothing shows, unless a deviation says why', () => {
    const tests = testsByRow([passed('C01 one')]);
    expect(conformanceProblems(rows, tests)).toEqual([
      'C02: no test has it in its name, and no deviation is written down',
    ]);
    const deviating = rows.map((row) => ({ ...row, deviation: 'because' }));
    expect(conformanceProblems(deviating, tests)).toEqual([]);
  });

  it.each(['failed', 'pending'])('names a test of a row that %s, although another passed', (status) => {
    const tests = testsByRow([passed('C01 one'), passed('C02 two'), { ...passed('C02 three'), status }]);
    expect(conformanceProblems(rows, tests)).toEqual([`C02: ${status}: test/a.spec.ts: C02 three`]);
  });

  it('names a test of a row that is not claimed', () => {
    const tests = testsByRow([passed('C01 one'), passed('C02 two'), passed('C99 x')]);
    expect(conformanceProblems(rows, tests)).toEqual(['C99: is no row that is claimed, but test/a.spec.ts names it']);
  });
});

describe('the page', () => {
  const results = [passed('C01 b'), passed('C01 a', 'test/b.spec.ts'), passed('C01 a'), passed('C01 a')];

  it('is the same in whatever order the tests ran', () => {
    const page = renderPage(testsByRow(results));
    expect(renderPage(testsByRow(results.toReversed()))).toBe(page);
    expect(evidenceOf(results)).toEqual([
      { file: 'test/a.spec.ts', names: ['C01 a', 'C01 b'] },
      { file: 'test/b.spec.ts', names: ['C01 a'] },
    ]);
  });

  it('shows what a test is called, whatever Markdown would make of it', () => {
    expect(renderPage(testsByRow([passed('C01 of `x` and <b>')]))).toContain('C01 of \\`x\\` and \\<b\\>');
  });
});
