// `npm test`: unit tests, then the stories on the built product with real parts. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const results = mkdtempSync(join(tmpdir(), 'ketenpoort-results-'));
/** What ran, for the page on conformance (tools/conformance/). */
const kept = join(root, '.ketenpoort', 'test-results');
const args = process.argv.slice(2);
/** Options of jest choose among the tests: what ran then says nothing about the rest. */
const rest = args.filter((one) => one !== '--unit' && one !== '--stories');

if (args.includes('--help')) {
  console.log(
    'npm test [-- --unit | --stories] [-- jest options]\n  Runs everything that must pass; --unit or --stories runs one half.',
  );
  process.exit(0);
}

/** Runs one jest project; returns its counts. */
function run(project, extra) {
  const outputFile = join(results, `${project}.json`);
  const command = [jest, '--selectProjects', project, '--json', '--outputFile', outputFile, ...extra, ...rest];
  const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
  rmSync(join(kept, `${project}.json`), { force: true });
  spawnSync(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const report = JSON.parse(readFileSync(outputFile, 'utf8'));
    if (rest.length === 0) keep(project, report);
    // A suite that could not even be loaded has no failed test in it; it is a failure all the same.
    const unloaded = report.testResults.filter(
      (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
    ).length;
    const left = report.testResults.flatMap((suite) =>
      suite.assertionResults.filter((test) => test.status === 'pending').map((test) => test.fullName),
    );
    return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded, left };
  } catch {
    console.error(`The ${project} tests did not finish.`);
    return { passed: 0, failed: 1, left: [] };
  }
}

function keep(project, { testResults }) {
  const tests = testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ fullName: name, status }) => ({ file: relative(root, file), name, status })),
  );
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(kept, `${project}.json`), `${JSON.stringify(tests, null, 1)}\n`);
}

const parts = [];
if (!args.includes('--stories')) parts.push(run('unit', ['--maxWorkers=2']));
if (!args.includes('--unit')) parts.push(run('story', ['--maxWorkers=2']), run('alone', ['--runInBand']));
rmSync(results, { recursive: true, force: true });

const left = parts.flatMap((part) => part.left);
for (const name of left) console.log(`left out: ${name}`);
const passed = parts.reduce((sum, part) => sum + part.passed, 0);
// In CI nothing may be left out: what could not run has not passed.
const failed = parts.reduce((sum, part) => sum + part.failed, 0) + (process.env.CI === 'true' ? left.length : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
