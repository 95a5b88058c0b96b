import { Counter, Gauge, Histogram, type MetricForm } from './metric.js';
import type { Family, Scope, Snapshot } from './snapshot.js';

interface Reading {
  readonly scope: Scope;
  readonly read: () => void | Promise<void>;
}

/** The metrics of one process. A name stands once: the second maker of a name is a mistake of the programmer. */
export class Registry {
  private readonly metrics = new Map<string, { family(): Family }>();
  private readonly readings = new Set<Reading>();

  counter<Label extends string = never>(form: MetricForm<Label>): Counter<Label> {
    return this.add(form.name, new Counter(form));
  }

  /** `shared`: the same whichever process is asked, such as a count of rows. */
  gauge<Label extends string = never>(form: MetricForm<Label>, scope: Scope = 'process'): Gauge<Label> {
    return this.add(form.name, new Gauge(form, scope));
  }

  /** @param bounds upper ends of the buckets, ascending, in the unit of the name */
  histogram<Label extends string = never>(form: MetricForm<Label>, bounds: readonly number[]): Histogram<Label> {
    return this.add(form.name, new Histogram(form, bounds));
  }

  /**
   * Sets gauges when they are asked for. A reading that fails leaves them as they were.
   * @returns ends it
   */
  onRead(scope: Scope, read: () => void | Promise<void>): () => void {
    const reading = { scope, read };
    this.readings.add(reading);
    return () => this.readings.delete(reading);
  }

  /** Everything as it stands now; `process` leaves out what another process of the same gateway says as well. */
  async snapshot(wanted: 'all' | 'process' = 'all'): Promise<Snapshot> {
    const readings = [...this.readings].filter(({ scope }) => wanted === 'all' || scope === 'process');
    await Promise.allSettled(readings.map(async ({ read }) => read()));
    const families = [...this.metrics.values()].map((metric) => metric.family());
    return families.filter(({ scope }) => wanted === 'all' || scope === 'process');
  }

  private add<One extends { family(): Family }>(name: string, metric: One): One {
    if (this.metrics.has(name)) throw new Error(`there are two metrics of the name ${name}`);
    this.metrics.set(name, metric);
    return metric;
  }
}
