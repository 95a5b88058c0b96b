// `npm test`: unit tests, then the stories on the built product with real parts. Ends with `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const results = mkdtempSync(join(tmpdir(), 'ketenpoort-results-'));
const args = process.argv.slice(2);

if (args.includes('--help')) {
  console.log(
    'npm test [-- --unit | --stories] [-- jest options]\n  Runs everything that must pass; --unit or --stories runs one half.',
  );
  process.exit(0);
}

const story = (names) => `test/(${names.join('|')})\\.spec\\.ts$`;
/** They share one broker, so they run one after another; other stories may run beside them. */
const WITH_BROKER = story(['demo', 'dtv-offline', 'kafka-poor', 'messaging-kafka', 'parking', 'start-refusals']);
/** They measure time, or load the machine: nothing runs beside them. */
const ALONE = story([
  'adapter-witness',
  'connections',
  'embedded-postgres',
  'evaluations',
  'forked-log',
  'log-search',
  'no-relation',
  'order-and-load',
  'ten-thousand',
  'unrecordable',
]);

let runs = 0;

/** Runs one jest project, or a part of it; resolves to its counts. */
async function run(project, extra) {
  const outputFile = join(results, `${(runs += 1)}.json`);
  const command = [
    jest,
    '--selectProjects',
    project,
    '--json',
    '--outputFile',
    outputFile,
    '--passWithNoTests',
    ...extra,
    ...rest,
  ];
  const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
  const jestRun = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  await once(jestRun, 'close');
  try {
    const report = JSON.parse(readFileSync(outputFile, 'utf8'));
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

const rest = args.filter((one) => one !== '--unit' && one !== '--stories');
const parts = [];
if (!args.includes('--stories')) parts.push(await run('unit', ['--maxWorkers=2']));
if (!args.includes('--unit')) {
  // Whoever names stories runs these, one after another.
  if (rest.length > 0) parts.push(await run('story', ['--runInBand']));
  else {
    // Both would build otherwise, at the same time and in the same place.
    spawnSync(process.execPath, [join(root, 'tools', 'ensure-build.mjs')], { stdio: 'inherit' });
    const withBroker = run('story', ['--runInBand', '--testPathPatterns', WITH_BROKER]);
    const others = run('story', ['--maxWorkers=2', '--testPathIgnorePatterns', WITH_BROKER, ALONE]);
    parts.push(await withBroker, await others);
    parts.push(await run('story', ['--runInBand', '--testPathPatterns', ALONE]));
  }
}
rmSync(results, { recursive: true, force: true });

const left = parts.flatMap((part) => part.left);
for (const name of left) console.log(`left out: ${name}`);
const passed = parts.reduce((sum, part) => sum + part.passed, 0);
// In CI nothing may be left out: what could not run has not passed.
const failed = parts.reduce((sum, part) => sum + part.failed, 0) + (process.env.CI === 'true' ? left.length : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
