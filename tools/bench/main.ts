import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Generator } from '../load/generator.js';
import { Bed } from './bed/bed.js';
import type { MeasureRun } from './context.js';
import { describeMachine, machineLine, wasBusy } from './machine.js';
import { measureAccept } from './measures/accept.js';
import { measureCommits } from './measures/commits.js';
import { measureContent } from './measures/content.js';
import { measureGrowth } from './measures/growth.js';
import { measureMemory } from './measures/memory.js';
import { measureOfficers } from './measures/officers.js';
import { measureProfile } from './measures/profile.js';
import { measureStart } from './measures/start.js';
import { measureVerification } from './measures/verification.js';
import { measureWholeWay } from './measures/whole-way.js';
import { type BenchOptions, type Measure, readOptions, USAGE } from './options.js';
import { type Section, within } from './result.js';
import { renderTables } from './tables.js';
import { writeDocs } from './write-docs.js';

/** Built, this file stands under dist/; the results belong beside package.json either way. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '');
const RESULTS = join(ROOT, '.ketenpoort', 'bench');
const DOCS = join(ROOT, 'docs', 'performance.md');
const INTERRUPTED = 130;

const RUNS: Readonly<Record<Measure, MeasureRun>> = {
  accept: measureAccept,
  'whole-way': measureWholeWay,
  content: measureContent,
  officers: measureOfficers,
  growth: measureGrowth,
  verification: measureVerification,
  start: measureStart,
  commits: measureCommits,
  memory: measureMemory,
  profile: measureProfile,
};

/** `npm run bench`: every measure on one bed, the table, the JSON, and whether the ratios hold. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const startedAt = Date.now();
  const say = (line: string): void =>
    void process.stderr.write(`[${String(Math.round((Date.now() - startedAt) / 1_000)).padStart(4)} s] ${line}\n`);
  const bed = await Bed.open(ROOT, say, options);
  const interruption = new AbortController();
  const stop = (): void => {
    if (interruption.signal.aborted) return;
    interruption.abort();
    say('stopping');
    void bed.close().finally(() => process.exit(INTERRUPTED));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    const machine = await describeMachine(bed.postgres.superUrl('postgres'));
    if (wasBusy(machine)) say(`other work runs here (load ${machine.loadBefore.toFixed(1)}): read ratios, not rates`);
    const sections = await runAll(bed, options, say, interruption.signal);
    const report = `${machineLine(machine)}\n\n${renderTables(sections)}`;
    (options.json ? process.stderr : process.stdout).write(`\n${report}\n`);
    const result = { at: new Date(startedAt).toISOString(), machine, options, sections };
    await keep(result, options, say);
    if (options.writeDocs) await writeDocs(DOCS, `${result.at.slice(0, 10)}. ${report}`);
    return verdict(sections, say);
  } catch (error) {
    // What a stop cuts off is no fault of what was cut off.
    if (interruption.signal.aborted) await new Promise(() => undefined);
    throw error;
  } finally {
    if (!interruption.signal.aborted) await bed.close();
  }
}

/** One measure that cannot be made does not take the others with it: it is named, and the run fails. */
async function runAll(
  bed: Bed,
  options: BenchOptions,
  say: (line: string) => void,
  interruption: AbortSignal,
): Promise<readonly Section[]> {
  const sections: Section[] = [];
  const failures: string[] = [];
  for (const name of options.only) {
    say(`== ${name}`);
    try {
      const section = await bed.during(() => {
        const generator = new Generator();
        bed.defer('load generator', () => generator.close());
        return RUNS[name]({ bed, options, generator, say });
      });
      sections.push(section);
    } catch (error) {
      if (interruption.aborted) throw error;
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      say(`could not be measured: ${failures.at(-1) ?? ''}`);
    }
  }
  if (sections.length === 0) throw new Error(failures.join('\n'));
  return failures.length === 0 ? sections : [...sections, failed(failures)];
}

/** Stands among the ratios, so that it is printed, kept and fails like one that is out of its bound. */
function failed(failures: readonly string[]): Section {
  const ratios = [{ name: 'measures that could not be made', value: failures.length, atMost: 0 }];
  return { measure: 'failures', loads: [], figures: [], aims: [], ratios, notes: failures };
}

async function keep(result: { readonly at: string }, { json }: BenchOptions, say: (line: string) => void) {
  await mkdir(RESULTS, { recursive: true, mode: 0o755 });
  const file = join(RESULTS, `${result.at.replaceAll(':', '')}.json`);
  const text = JSON.stringify(result, null, 2);
  await writeFile(file, `${text}\n`);
  if (json) process.stdout.write(`${text}\n`);
  say(`kept as ${file}`);
}

function verdict(sections: readonly Section[], say: (line: string) => void): number {
  const broken = sections.flatMap(({ ratios }) => ratios).filter((ratio) => !within(ratio));
  for (const { name, value } of broken) say(`out of its bound: ${name}: ${value.toFixed(2)}`);
  return broken.length === 0 ? 0 : 1;
}

main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
