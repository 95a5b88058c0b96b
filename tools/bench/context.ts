import type { Generator } from '../load/generator.js';
import type { Bed } from './bed/bed.js';
import type { BenchOptions } from './options.js';
import type { Section } from './result.js';

/** What every measure gets. */
export interface BenchContext {
  readonly bed: Bed;
  readonly options: BenchOptions;
  readonly generator: Generator;
  /** A line of progress. */
  readonly say: (line: string) => void;
}

export type MeasureRun = (context: BenchContext) => Promise<Section>;

export const EMPTY: Omit<Section, 'measure'> = { loads: [], figures: [], aims: [], ratios: [], notes: [] };
