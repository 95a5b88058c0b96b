import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateExport } from '../../log/generate-export.js';
import { type BenchContext, EMPTY, type MeasureRun } from '../context.js';
import { plainHashRate } from '../plain-hash.js';
import { spreadOf } from '../result.js';

const run = promisify(execFile);
const VERIFY_LIMIT_MS = 600_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Starting takes a part of a second in each thread, and so do the first ten thousand records: with many it vanishes. */
const RECORDS = { full: 1_000_000, quick: 40_000 } as const;
const AIMS: Readonly<Record<number, number>> = { 1: 80_000, 2: 140_000 };

/**
 * The verifier as anyone runs it, over an export: all of its time counts, its start too. Beside each run stands what
 * plain hashing gains by the second thread at that moment: two cores of a shared machine are seldom two.
 */
export const measureVerification: MeasureRun = async (context) => {
  const { bed, options, say } = context;
  const folder = join(bed.paths.state, 'export');
  const count = options.quick ? RECORDS.quick : RECORDS.full;
  await mkdir(folder, { recursive: true });
  say(`verification: making an export of ${count.toLocaleString('en')} records`);
  const key = await generateExport(folder, count, () => undefined);
  const threads = Object.keys(AIMS).map(Number);
  const rates = new Map<number, number[]>(threads.map((one) => [one, []]));
  const plain = new Map<number, number[]>(threads.map((one) => [one, []]));
  for (let n = 0; n < options.runs; n += 1) {
    for (const one of threads) {
      const perSecond = count / (await secondsToVerify(context, folder, key, one));
      say(`verification, threads: ${one}: ${perSecond.toFixed(0)} records/s`);
      rates.get(one)?.push(perSecond);
      plain.get(one)?.push(await plainHashRate(one));
    }
  }
  await rm(folder, { recursive: true, force: true });
  const figures = threads.flatMap((one) => [
    { name: nameOf(one), unit: '/s', value: spreadOf(rates.get(one) ?? []) },
    { name: `plain SHA-256 of 1,100 bytes, threads: ${one}`, unit: '/s', value: spreadOf(plain.get(one) ?? []) },
  ]);
  const median = (of: typeof rates, one: number): number => spreadOf(of.get(one) ?? []).median;
  const gain = (of: typeof rates): number => median(of, 2) / median(of, 1);
  return {
    ...EMPTY,
    measure: 'verification',
    figures,
    aims: threads.map((one) => {
      return { name: nameOf(one), unit: '/s', value: median(rates, one), atLeast: AIMS[one] ?? 0 };
    }),
    // Short runs are mostly the start of the program, which no thread shares.
    ratios: options.quick
      ? []
      : [
          { name: 'verification on two threads / on one', value: gain(rates), atLeast: 1.6 },
          { name: 'plain SHA-256 on two threads / on one', value: gain(plain) },
        ],
  };
};

const nameOf = (threads: number): string => `verification, threads: ${threads}`;

async function secondsToVerify({ bed }: BenchContext, folder: string, key: string, threads: number): Promise<number> {
  const script = join(bed.paths.root, 'dist', 'apps', 'verify', 'src', 'main.js');
  const args = [script, folder, '--key', key, '--threads', String(threads), '--json'];
  const startMs = performance.now();
  await run(process.execPath, args, { timeout: VERIFY_LIMIT_MS, maxBuffer: MAX_OUTPUT_BYTES });
  return (performance.now() - startMs) / 1_000;
}
