import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPrng } from '../../apps/agencies/src/population/prng.js';
import { Timeline } from '../demo/timeline.js';
import { type Options, readOptions, USAGE } from './options.js';
import { asJson, asText, exitCodeOf } from './report.js';
import { session } from './session.js';

/** Built, this file stands under dist/. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '');

/** `npm run faults`: everything in a folder of its own, which stays only when something was found. */
async function main(options: Options): Promise<number> {
  const timeline = new Timeline((line) => process.stderr.write(`${line}\n`));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      timeline.note(`${signal}: stopping`);
      stop.abort();
    });
  const folder = await mkdtemp(join(tmpdir(), 'ketenpoort-faults-'));
  // The account of the database server has to get through it.
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'books'));
  const undo: (() => Promise<void>)[] = [];
  let code = 1;
  try {
    const chance = createPrng(options.seed);
    timeline.note(`seed ${options.seed}; books and logs in ${folder}`);
    const outcome = await session({ options, root: ROOT, folder, chance, stop: stop.signal, undo, timeline });
    code = stop.signal.aborted ? 1 : exitCodeOf(outcome, process.env.CI === 'true');
    process.stdout.write(`${options.json ? asJson(outcome, code) : asText(outcome)}\n`);
  } finally {
    timeline.note('stopping');
    for (const step of undo.reverse()) await step().catch((error: unknown) => timeline.note(String(error)));
    if (code === 0 && !options.keep) await rm(folder, { recursive: true, force: true });
    else timeline.note(`books and logs stay in ${folder}`);
  }
  return code;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(USAGE);
  // Proxies and kept-alive connections may still be open; nothing is left to wait for.
  else process.exit(await main(options));
} catch (error) {
  process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
