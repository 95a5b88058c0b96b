import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** Every measure, in the order in which they run. */
export const MEASURES = {
  accept: 'accepting M08 at 1 kB and 100 kB and M04 with a stay, beside the floor and the rivals',
  'whole-way': 'accepted, numbered, published, fetched and acknowledged by a receiver, over Kafka and over the inbox',
  content: 'reading content',
  officers: 'what an officer asks of a seeded log, and the proof of a record',
  growth: 'accepting with a seeded log against an empty one',
  verification: 'checking an exported log on one thread and on two',
  start: 'from the start of the gateway until it is ready',
  commits: "one-row commits of PostgreSQL, and Kafka's own producer test",
  memory: 'memory of the gateway at saturation (only when it is asked for)',
  profile: 'where the CPU time of the gateway goes at saturation (only when it is asked for)',
} as const;
export type Measure = keyof typeof MEASURES;
/** They take long or disturb the others. */
const ON_REQUEST: readonly Measure[] = ['memory', 'profile'];

export interface BenchOptions {
  readonly only: readonly Measure[];
  /** Of one load; a search takes several. */
  readonly seconds: number;
  readonly runs: number;
  readonly quick: boolean;
  /** Records in the seeded log. */
  readonly records: number;
  readonly connections: number;
  /** Numbers of gateway processes to measure with, one after another. */
  readonly workers: readonly number[];
  /** Without floor and rivals: the gateway alone. */
  readonly alone: boolean;
  readonly minutes: number;
  /** Folder of another build of PostgreSQL than that of the npm package. */
  readonly postgres: string | undefined;
  readonly json: boolean;
  readonly writeDocs: boolean;
}

export const USAGE = `npm run bench -- [options]

  --only LIST        of: ${Object.keys(MEASURES).join(', ')}
  --alone            the gateway alone, without floor and rivals
  --seconds N        of one load; that at half of saturation lasts three times as long (default 8; --quick 2)
  --runs N           of everything under load, ours and the rivals' in turn (default 3; --quick 1)
  --quick            small and short: whether it works, not how fast it is
  --full             10 million records in the log instead of 1 million (needs 25 GB of disk, checked first)
  --records N        in the seeded log (default 1,000,000; --quick 20,000)
  --connections N    that the load generator keeps open (default 256)
  --workers LIST     gateway processes, as in 1,2 (default 2, on one core 1); the floor runs in as many as the first
  --minutes N        of the memory measure (default 10)
  --postgres FOLDER  of another build of PostgreSQL 16 to 18, with its bin (default: that of the npm package)
  --json             the result as JSON on the standard output, the table on the standard error
  --write-docs       puts the table into docs/performance.md
  --help             this text

${Object.entries(MEASURES)
  .map(([name, what]) => `  ${name.padEnd(14)} ${what}`)
  .join('\n')}

The result is kept under .ketenpoort/bench/. Exit 1 when a ratio between measures of one run is out of its bound;
absolute figures are compared with the aims and never fail, since they are those of a machine.
`;

const FULL_RECORDS = 10_000_000;
const MAX = { seconds: 600, runs: 20, records: 20_000_000, connections: 1_000, minutes: 120, workers: 64 } as const;

/** Reads the command line. Answers `help` when asked for it; throws an error that names the option. */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ only: text, seconds: text, runs: text, records: text, connections: text, workers: text, minutes: text },
      postgres: text,
      ...{ quick: flag, full: flag, alone: flag, json: flag, 'write-docs': flag, help: flag },
    },
  });
  if (values.help) return 'help';
  const { quick } = values;
  return {
    only: chosen(values.only),
    quick,
    alone: values.alone,
    postgres: values.postgres,
    json: values.json,
    writeDocs: values['write-docs'],
    seconds: whole('seconds', values.seconds, quick ? 2 : 8),
    runs: whole('runs', values.runs, quick ? 1 : 3),
    records: whole('records', values.records, values.full ? FULL_RECORDS : quick ? 20_000 : 1_000_000),
    connections: whole('connections', values.connections, 256),
    workers: (values.workers ?? String(Math.min(2, availableParallelism())))
      .split(',')
      .map((one) => whole('workers', one, 1)),
    minutes: whole('minutes', values.minutes, 10),
  };
}

function chosen(list: string | undefined): readonly Measure[] {
  const known = Object.keys(MEASURES) as Measure[];
  if (list === undefined) return known.filter((name) => !ON_REQUEST.includes(name));
  const names = list.split(',');
  const unknown = names.filter((name) => !known.some((one) => one === name));
  if (unknown.length > 0) throw new Error(`--only knows no ${unknown.join(', ')}; it knows ${known.join(', ')}`);
  return known.filter((name) => names.includes(name));
}

function whole(name: keyof typeof MAX, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > MAX[name])
    throw new Error(`--${name} must be a whole number 1..${MAX[name]}`);
  return number;
}
