import type { TargetRun } from './target.js';

/** Middle, lowest and highest of the runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One target under load over all runs: a line of the first table. */
export interface LoadLine {
  readonly name: string;
  /** Of the machine right before each run, see `TargetRun`. */
  readonly plainHashesPerSecond: Spread;
  readonly saturationPerSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly p999Ms: Spread;
  readonly cpuPer1000: Readonly<Record<string, Spread>>;
  readonly writtenPerRequest: Readonly<Record<string, Spread | null>>;
  readonly walPerRequest: Spread | null;
  readonly runs: readonly TargetRun[];
}

/** One number: a line of the second table. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: Spread;
}

/** An absolute aim of the design, for this machine: said, never a failure. */
export interface Aim {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Between two measures of one run: out of its bound is a failure. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  /** None: told for comparison only. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What one measure brought. */
export interface Section {
  readonly measure: string;
  readonly loads: readonly LoadLine[];
  readonly figures: readonly Figure[];
  readonly aims: readonly Aim[];
  readonly ratios: readonly Ratio[];
  /** What was left out and why, and what must be known to read the figures. */
  readonly notes: readonly string[];
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

export function loadLine(name: string, runs: readonly TargetRun[]): LoadLine {
  const over = (pick: (run: TargetRun) => number): Spread => spreadOf(runs.map(pick));
  const known = (values: readonly (number | null)[]): Spread | null =>
    values.some((value) => value === null) ? null : spreadOf(values.map(Number));
  const roles = (pick: (run: TargetRun) => object): readonly string[] => Object.keys(runs[0] ? pick(runs[0]) : {});
  return {
    name,
    plainHashesPerSecond: over((run) => run.plainHashesPerSecond),
    saturationPerSecond: over((run) => run.saturationPerSecond),
    p50Ms: over((run) => run.half.p50Ms),
    p99Ms: over((run) => run.half.p99Ms),
    p999Ms: over((run) => run.half.p999Ms),
    cpuPer1000: Object.fromEntries(
      roles((run) => run.cpuPer1000).map((role) => [role, over((run) => run.cpuPer1000[role] ?? Number.NaN)]),
    ),
    writtenPerRequest: Object.fromEntries(
      roles((run) => run.writtenPerRequest).map((role) => [
        role,
        known(runs.map((run) => run.writtenPerRequest[role] ?? null)),
      ]),
    ),
    walPerRequest: known(runs.map((run) => run.walPerRequest)),
    runs,
  };
}

/** Whether a value lies within what is given of its bounds; what is no number never does. */
export function within({ value, atLeast, atMost }: { value: number; atLeast?: number; atMost?: number }): boolean {
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
}
