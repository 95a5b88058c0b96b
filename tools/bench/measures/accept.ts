import { EMPTY, type MeasureRun } from '../context.js';
import { inTurn } from '../in-turn.js';
import type { BenchOptions } from '../options.js';
import { type Aim, type LoadLine, type Ratio, spreadOf } from '../result.js';
import { NAMES, rivalTargets } from '../rivals/targets.js';
import { LARGE_BYTES, prepareSite, type Site, SMALL_BYTES } from '../site.js';
import type { Target } from '../target.js';

const DOSSIER = 'accept M08, 1 kB';
const ADMISSION = 'accept M04 with a stay';

/** Accepting, beside what a bare server with the same TLS and commits does, and what common stacks do. */
export const measureAccept: MeasureRun = async (context) => {
  const { options, say } = context;
  const sites: Site[] = [];
  const targets: Target[] = [];
  const later: Target[] = [];
  for (const workers of options.workers) {
    const site = await prepareSite(context, `accept_${workers}`, { workers });
    sites.push(site);
    targets.push(site.dossiers(`${DOSSIER}${site.suffix(workers)}`, SMALL_BYTES));
    if (options.alone) continue;
    later.push(site.admissions(`${ADMISSION}${site.suffix(workers)}`));
    later.push(site.dossiers(`accept M08, 100 kB${site.suffix(workers)}`, LARGE_BYTES));
  }
  const rivals = options.alone ? { targets: [], notes: [] } : await rivalTargets(context, SMALL_BYTES);
  // Next to each other what is compared: within a quarter of an hour a shared machine is another one.
  targets.push(...rivals.targets, ...later);
  say(`accepting: ${targets.length} targets, ${options.runs} runs`);
  const loads = await inTurn(context, targets);
  await Promise.all(sites.map(({ gateway }) => gateway.stop()));
  const notes = options.alone ? [setupNote(options)] : [setupNote(options), ...rivals.notes, LARGE_NOTE];
  return { ...EMPTY, measure: 'accept', loads, aims: loads.flatMap(aimsOf), ratios: ratiosOf(loads), notes };
};

const setupNote = ({ connections, workers }: BenchOptions): string =>
  `${connections} connections; processes of the gateway: ${workers.join(', ')}; of the floor as many as the first`;
const LARGE_NOTE =
  'no contract takes 100 kB of content: the 100 kB message is the longest M08 (about 12 kB), the rest is white space';

function aimsOf({ name, saturationPerSecond, p99Ms }: LoadLine): readonly Aim[] {
  const perSecond = { name, value: saturationPerSecond.median, unit: '/s' };
  if (name.startsWith(ADMISSION)) return [{ ...perSecond, atLeast: 1_200 }];
  if (!name.startsWith(DOSSIER)) return [];
  const p99 = { name: `${name}: p99 at half`, value: p99Ms.median, unit: 'ms', atMost: 50 };
  return [{ ...perSecond, atLeast: 3_000 }, p99];
}

/** Of the first line of M08: that of the number of processes that was named first. */
function ratiosOf(loads: readonly LoadLine[]): readonly Ratio[] {
  const ours = loads.find(({ name }) => name.startsWith(DOSSIER));
  if (!ours) return [];
  const against = (part: string, bound: { atLeast?: number }): readonly Ratio[] =>
    loads
      .filter(({ name }) => name.includes(part))
      .map(({ name, runs }) => ({
        name: `accept M08 / ${name}`,
        // Of each run by itself, and then the middle one: what was measured in the same minutes.
        value: spreadOf(runs.map((run, n) => (ours.runs[n]?.saturationPerSecond ?? NaN) / run.saturationPerSecond))
          .median,
        ...bound,
      }));
  return [
    ...against(NAMES.floor, { atLeast: 0.5 }),
    ...against(NAMES.nginx, {}),
    ...against(NAMES.flushed, { atLeast: 1 }),
    ...against(NAMES.unflushed, {}),
  ];
}
