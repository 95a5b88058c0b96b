import { type Aim, type Figure, type LoadLine, type Ratio, type Section, type Spread, within } from './result.js';
import { CORES, type Sizing, sizingOf } from './sizing.js';

type Row = readonly string[];

/** A number to three places that mean something. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** The middle of the runs, and how far they lie apart where there were several. */
export function spreadText({ median, min, max }: Spread): string {
  return min === max ? short(median) : `${short(median)} (${short(min)}-${short(max)})`;
}

/** All of a report as Markdown: what stands in a terminal and in docs/performance.md alike. */
export function renderTables(sections: readonly Section[]): string {
  const loads = sections.flatMap((section) => section.loads);
  const figures = sections.flatMap((section) => section.figures);
  const ratios = sections.flatMap((section) => section.ratios);
  const aims = sections.flatMap((section) => section.aims);
  const notes = [...new Set(sections.flatMap((section) => section.notes))];
  return [
    part('Under load', LOAD_HEAD, loads.map(loadRow)),
    part('Ratios within this run', ['ratio', 'value', 'bound', 'holds'], ratios.map(ratioRow)),
    part('Aims for a quiet machine of two cores', ['measure', 'value', 'aim', 'reached'], aims.map(aimRow)),
    part('Figures', ['what', 'value', 'unit'], figures.map(figureRow)),
    part('What machines take a second, a third of them left free', SIZING_HEAD, sizingOf(loads).map(sizingRow)),
    notes.map((note) => `- ${note}\n`).join(''),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

const LOAD_HEAD: Row = [
  'what',
  'saturation /s',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'CPU s per 1,000',
  'bytes written each',
  'plain SHA-256 /s before',
];

function loadRow(line: LoadLine): Row {
  const cost = Object.entries(line.cpuPer1000).map(([role, spread]) => `${role} ${short(spread.median)}`);
  const written = Object.entries(line.writtenPerRequest)
    .filter(([, spread]) => spread !== null && spread.median >= 1)
    .map(([role, spread]) => `${role} ${short(spread?.median ?? 0)}`);
  const wal = line.walPerRequest ? [`log of the database ${short(line.walPerRequest.median)}`] : [];
  return [
    line.name,
    spreadText(line.saturationPerSecond),
    spreadText(line.p50Ms),
    spreadText(line.p99Ms),
    spreadText(line.p999Ms),
    cost.join(', '),
    [...written, ...wal].join(', ') || '0',
    spreadText(line.plainHashesPerSecond),
  ];
}

const ratioRow = (ratio: Ratio): Row => {
  const bound = boundText(ratio);
  return [ratio.name, short(ratio.value), bound || 'none', bound === '' ? '' : yes(within(ratio))];
};

const aimRow = (aim: Aim): Row => [aim.name, `${short(aim.value)} ${aim.unit}`, boundText(aim), yes(within(aim))];

const figureRow = ({ name, value, unit }: Figure): Row => [name, spreadText(value), unit];

const SIZING_HEAD: Row = ['derived from the CPU seconds above', ...CORES.map((cores) => `${cores} cores`)];

/** Three places of an estimate are too many. */
const sizingRow = ({ name, perSecond }: Sizing): Row => [
  name,
  ...perSecond.map((rate) => short(Number(rate.toPrecision(2)))),
];

function boundText({ atLeast, atMost }: { readonly atLeast?: number; readonly atMost?: number }): string {
  const low = atLeast === undefined ? [] : [`>= ${atLeast.toLocaleString('en')}`];
  const high = atMost === undefined ? [] : [`<= ${atMost.toLocaleString('en')}`];
  return [...low, ...high].join(', ');
}

function yes(holds: boolean): string {
  return holds ? 'yes' : 'NO';
}

function part(title: string, head: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return `### ${title}\n\n${[line(head), rule, ...rows.map(line)].join('\n')}\n`;
}
