import { settle } from '../bed/postmaster.js';
import { seededLog } from '../bed/seeded-log.js';
import { type BenchContext, EMPTY, type MeasureRun } from '../context.js';
import { type Figure, spreadOf } from '../result.js';
import { findSaturation } from '../saturation.js';
import { prepareSite, type Site, SMALL_BYTES } from '../site.js';

const WARM_UP_SECONDS = 3;
/** Medians of few runs are moved by one checkpoint; these are short. */
const MIN_RUNS = 5;
/** Of saturation: at half of it the cores are nine tenths busy, and the p50 is that of the machine's other work. */
const SHARE = 1 / 4;
const RATE_CEILING = 4_500;
const SEARCH_LOADS = 7;

/** The same rate of messages to a gateway with an empty log and to one with a seeded log, in turn. */
export const measureGrowth: MeasureRun = async (context) => {
  const { options, say } = context;
  const [workers = 1] = options.workers;
  const seeded = await seededLog(context);
  const sites = {
    empty: await prepareSite(context, 'unseeded', { workers }),
    seeded: await prepareSite(context, 'seeded', { workers }, seeded.database),
  };
  const runs = options.quick ? 1 : Math.max(MIN_RUNS, options.runs);
  // Of both, so that both are as warm; and the same for both.
  const rate = Math.min(await saturationOf(context, sites.empty), await saturationOf(context, sites.seeded)) * SHARE;
  say(`growth: ${rate.toFixed(0)}/s to each, ${runs} runs`);
  const p50Ms = { empty: [] as number[], seeded: [] as number[] };
  const p99Ms = { empty: [] as number[], seeded: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    const order = run % 2 === 0 ? (['empty', 'seeded'] as const) : (['seeded', 'empty'] as const);
    for (const which of order) {
      const latency = await latencyAt(context, sites[which], rate);
      p50Ms[which].push(latency.p50Ms);
      p99Ms[which].push(latency.p99Ms);
      say(`growth: ${which} log: p50 ${latency.p50Ms.toFixed(2)}, p99 ${latency.p99Ms.toFixed(1)} ms`);
    }
  }
  await Promise.all(Object.values(sites).map(({ gateway }) => gateway.stop()));
  const figures: Figure[] = (['empty', 'seeded'] as const).flatMap((which) => [
    { name: `accept M08 at ${rate.toFixed(0)}/s, ${which} log, p50`, unit: 'ms', value: spreadOf(p50Ms[which]) },
    { name: `accept M08 at ${rate.toFixed(0)}/s, ${which} log, p99`, unit: 'ms', value: spreadOf(p99Ms[which]) },
  ]);
  // Of each pair by itself, and then the middle one: what was measured right after each other.
  const value = spreadOf(p50Ms.seeded.map((ms, run) => ms / (p50Ms.empty[run] ?? NaN))).median;
  const name = `growth: p50 of accepting with ${seeded.records.toLocaleString('en')} records / with none`;
  // A quick run has too little of everything to be held to a bound.
  return {
    ...EMPTY,
    measure: 'growth',
    figures,
    ratios: [options.quick ? { name, value } : { name, value, atMost: 1.2 }],
  };
};

async function saturationOf(context: BenchContext, site: Site): Promise<number> {
  const { generator, options } = context;
  const seconds = Math.min(options.seconds, 4);
  await aim(context, site, RATE_CEILING * seconds * SEARCH_LOADS);
  return (await findSaturation(generator, { ...options, seconds })).perSecond;
}

async function latencyAt(context: BenchContext, site: Site, rate: number) {
  const { generator, options } = context;
  await aim(context, site, Math.ceil(rate * (options.seconds + WARM_UP_SECONDS)) + 1);
  await generator.open(rate, WARM_UP_SECONDS);
  return (await generator.open(rate, options.seconds)).latency;
}

async function aim({ bed, generator }: BenchContext, site: Site, messages: number): Promise<void> {
  await generator.aim(await site.dossiers('', SMALL_BYTES).shots(messages));
  await settle(bed.postgres.superUrl(site.database.name));
}
