import { setTimeout as sleep } from 'node:timers/promises';
import { peakResidentOf, residentOf } from '../bed/processes.js';
import { settle } from '../bed/postmaster.js';
import { type BenchContext, EMPTY, type MeasureRun } from '../context.js';
import { leastSquaresSlope } from '../least-squares.js';
import type { Aim, Figure } from '../result.js';
import { findSaturation } from '../saturation.js';
import { prepareSite, SMALL_BYTES } from '../site.js';

const SAMPLE_MS = 5_000;
const WARM_UP_MS = 120_000;
const MINUTE_MS = 60_000;
const MEGABYTE = 1e6;
/** Later messages are new versions of the parts of these cases: a million new ones would be another measure. */
const CASES = 100_000;

/** Resident memory of each gateway process while it gets as much as it can take. */
export const measureMemory: MeasureRun = async (context) => {
  const { bed, options, generator, say } = context;
  const [workers = 1] = options.workers;
  const site = await prepareSite(context, 'memory', { workers });
  await generator.aim(await site.dossiers('', SMALL_BYTES).shots(CASES));
  await settle(bed.postgres.superUrl('memory'));
  const { perSecond } = await findSaturation(generator, options);
  const minutes = options.minutes;
  say(`memory: ${perSecond.toFixed(0)}/s for ${minutes} minutes`);
  const samples: { readonly atMs: number; readonly bytes: readonly number[] }[] = [];
  const sampling = new AbortController();
  const startMs = performance.now();
  const sampler = (async () => {
    while (!sampling.signal.aborted) {
      samples.push({ atMs: performance.now() - startMs, bytes: await residentOf(site.gateway.pid) });
      await sleep(SAMPLE_MS, undefined, { signal: sampling.signal }).catch(() => undefined);
    }
  })();
  let failed = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    const load = await generator.open(perSecond, MINUTE_MS / 1_000);
    failed += load.failed + load.dropped;
    const now = (samples.at(-1)?.bytes ?? []).map((bytes) => (bytes / MEGABYTE).toFixed(0));
    say(`memory: minute ${minute + 1}: ${now.join(' + ')} MB, p99 ${load.latency.p99Ms.toFixed(0)} ms`);
  }
  sampling.abort();
  await sampler;
  const peaks = await peakResidentOf(site.gateway.pid);
  await site.gateway.stop();
  return { ...EMPTY, measure: 'memory', ...summary(samples, peaks, minutes), notes: notesOf(context, failed) };
};

function summary(
  samples: readonly { readonly atMs: number; readonly bytes: readonly number[] }[],
  peaks: readonly number[],
  minutes: number,
): { readonly figures: readonly Figure[]; readonly aims: readonly Aim[] } {
  const warm = samples.filter(({ atMs }) => atMs >= Math.min(WARM_UP_MS, (minutes * MINUTE_MS) / 2));
  const slopes = peaks.map((_, place) =>
    leastSquaresSlope(warm.map(({ atMs, bytes }) => [atMs / MINUTE_MS, (bytes[place] ?? 0) / MEGABYTE])),
  );
  const highest = Math.max(...peaks) / MEGABYTE;
  const steepest = Math.max(...slopes);
  const at = (value: number) => ({ median: value, min: value, max: value });
  return {
    figures: [
      { name: 'highest memory of a gateway process', unit: 'MB', value: at(highest) },
      { name: 'steepest slope of its memory after warm-up', unit: 'MB/min', value: at(steepest) },
    ],
    aims: [
      { name: 'memory of a gateway process', value: highest, unit: 'MB', atMost: 300 },
      { name: 'slope of its memory', value: steepest, unit: 'MB/min', atMost: 1 },
    ],
  };
}

function notesOf({ options }: BenchContext, failed: number): readonly string[] {
  const short = options.minutes < 4 ? ['shorter than four minutes: the slope says little'] : [];
  return [...short, `${failed} requests were refused or dropped at saturation`];
}
