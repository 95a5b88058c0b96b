import { fileURLToPath } from 'node:url';
import { type DemoOptions, readOptions, USAGE } from './options.js';
import { demoPaths } from './paths.js';
import { describeLog, readLogStanding, whenCosigned } from './log-standing.js';
import { isComplete, resultLine } from './result-line.js';
import { type RunningDemo, startDemo, STOP_ORDER } from './start-demo.js';
import { chooseRun, type Run } from './run.js';
import { follow, readBooks, type Standing, startRun } from './steps/play.js';
import { Teardown } from './teardown.js';
import { Timeline } from './timeline.js';
import { welcome } from './welcome.js';

/** Built, this file stands under dist/; the state belongs beside package.json either way. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '');
const INTERRUPTED = 130;

/** `npm run demo`: sets up everything, plays the cases, and stays (or with --once: tells what came of it and ends). */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  // Everything but the last line goes to the standard error, so that the result can be read by a program.
  const timeline = new Timeline((line) => process.stderr.write(`${line}\n`));
  const teardown = new Teardown(STOP_ORDER, (text) => timeline.note(text));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const paths = demoPaths(ROOT, options.state);
  let result: string | null = null;
  let code: number;
  try {
    const demo = await startDemo(options, paths, teardown, timeline, stop.signal);
    const { managementUrl } = demo.file.gateway;
    timeline.note(`ready\n${welcome(paths, demo.file, await readLogStanding(managementUrl))}`);
    const run = chooseRun(options, await readBooks(demo.ports));
    const standing = await play(demo, run, options, timeline, stop.signal);
    timeline.note(await logLine(demo, stop.signal));
    result = resultLine(standing, options.json);
    code = isComplete(standing, run.residents) ? 0 : 1;
    if (!options.once) {
      timeline.note(`${result}\nThe demo keeps running; Ctrl-C stops it.`);
      result = null;
      code = 0;
      await aborted(stop.signal);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw await failed(error, teardown);
    code = options.once ? INTERRUPTED : 0;
  }
  timeline.note('stopping');
  await teardown.run();
  timeline.note(`stopped; the data stays under ${paths.state}`);
  if (result !== null) process.stdout.write(`${result}\n`);
  return code;
}

async function play(
  demo: RunningDemo,
  run: Run,
  options: DemoOptions,
  timeline: Timeline,
  stop: AbortSignal,
): Promise<Standing> {
  timeline.note(`playing ${run.residents} residents of seed ${run.seed}`);
  await startRun(demo.ports, run);
  let shown = '';
  const standing = await follow(demo.ports, run, stop, (now) => {
    const line = progressLine(now);
    if (line !== shown) timeline.note(line);
    shown = line;
  });
  const { lost, doubled, refusedKnownToDtv } = standing.reconciliation;
  for (const [what, findings] of Object.entries({ lost, doubled, 'refused, yet told to DT&V': refusedKnownToDtv })) {
    for (const one of findings.slice(0, 10))
      timeline.note(`${what}: ${one.contract} for ${one.receiver}, case ${one.caseId}`);
  }
  for (const refusal of standing.refusals.slice(0, 10)) timeline.note(`refused by the gateway: ${refusal}`);
  const applicants = `refused_applicants=${standing.tally.refusedApplicants} known_to_dtv=${refusedKnownToDtv.length}`;
  if (options.once && !options.json) process.stdout.write(`${applicants}\n`);
  else timeline.note(applicants);
  return standing;
}

/** A log that is not cosigned in time is a warning: what was delivered was delivered all the same. */
async function logLine(demo: RunningDemo, stop: AbortSignal): Promise<string> {
  const { standing, reached } = await whenCosigned(demo.file.gateway.managementUrl, stop);
  if (!standing) return 'WARNING: the gateway says nothing about its log';
  const line = `access log: ${describeLog(standing, demo.file.peers.length)}`;
  return reached ? line : `WARNING: ${line}: not all of it in time`;
}

function progressLine({ tally, reconciliation }: Standing): string {
  const { registered, knownToDtv, delivered, held, outstanding, restRunning, refusedApplicants } = tally;
  return (
    `registered ${registered}, known to DT&V ${knownToDtv}, dossiers delivered ${delivered} (held ${held}, outstanding ` +
    `${outstanding}), rest periods ${restRunning}, refused applicants ${refusedApplicants}; ` +
    `${reconciliation.expected - reconciliation.lost.length} of ${reconciliation.expected} messages arrived`
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  // Something must keep the process alive while it waits for a signal.
  const alive = setInterval(() => undefined, 60_000);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}

async function failed(error: unknown, teardown: Teardown<string>): Promise<unknown> {
  await teardown.run();
  return error;
}

main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
