import type { Family, Sample, Scope } from './snapshot.js';

/** Series of one metric. What comes on top is counted together, so that no caller can fill memory with labels. */
const MAX_SERIES = 1_000;
const OTHER = 'other';

export interface MetricForm<Label extends string> {
  /** Prometheus name with its unit last, `ketenpoort_…_seconds`; a counter ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

type Values<Label extends string> = Readonly<Record<Label, string>>;

/** The series of one metric by their label values. */
abstract class Metric<Label extends string, Series> {
  protected readonly series = new Map<string, { readonly labels: Values<Label>; readonly of: Series }>();

  protected constructor(
    readonly form: MetricForm<Label>,
    private readonly type: Family['type'],
    private readonly scope: Scope,
  ) {}

  protected at(values?: Values<Label>): Series {
    const names = this.form.labels ?? [];
    const key = names.map((name) => values?.[name] ?? '').join('\0');
    const known = this.series.get(key);
    if (known) return known.of;
    if (this.series.size >= MAX_SERIES && !names.every((name) => values?.[name] === OTHER)) {
      return this.at(Object.fromEntries(names.map((name) => [name, OTHER])) as Record<Label, string>);
    }
    const of = this.create();
    const labels = Object.fromEntries(names.map((name) => [name, values?.[name] ?? ''])) as Record<Label, string>;
    this.series.set(key, { labels, of });
    return of;
  }

  protected abstract create(): Series;
  protected abstract samplesOf(labels: Values<Label>, series: Series): Sample[];

  /** As it stands now. Without labels it is there from the beginning, so that its first step can be seen. */
  family(): Family {
    if (!this.form.labels?.length) this.at();
    const samples = [...this.series.values()].flatMap(({ labels, of }) => this.samplesOf(labels, of));
    return { name: this.form.name, help: this.form.help, type: this.type, scope: this.scope, samples };
  }
}

interface Value {
  value: number;
}

/** A metric whose series are one number each. */
abstract class NumberMetric<Label extends string> extends Metric<Label, Value> {
  protected create(): Value {
    return { value: 0 };
  }

  protected samplesOf(labels: Values<Label>, { value }: Value): Sample[] {
    return [{ suffix: '', labels, value }];
  }
}

/** Only ever grows; starts again at 0 with its process. */
export class Counter<Label extends string = never> extends NumberMetric<Label> {
  constructor(form: MetricForm<Label>) {
    super(form, 'counter', 'process');
  }

  add(labels?: Values<Label>, by = 1): void {
    this.at(labels).value += by;
  }
}

/** Goes up and down. */
export class Gauge<Label extends string = never> extends NumberMetric<Label> {
  constructor(form: MetricForm<Label>, scope: Scope = 'process') {
    super(form, 'gauge', scope);
  }

  set(value: number, labels?: Values<Label>): void {
    this.at(labels).value = value;
  }

  /** Forgets all series: before a reading in which some may no longer occur. */
  clear(): void {
    this.series.clear();
  }
}

interface Buckets {
  readonly counts: Float64Array;
  sum: number;
}

/** How values spread over `bounds` (upper ends, ascending, in the metric's unit). */
export class Histogram<Label extends string = never> extends Metric<Label, Buckets> {
  constructor(
    form: MetricForm<Label>,
    private readonly bounds: readonly number[],
  ) {
    super(form, 'histogram', 'process');
  }

  observe(value: number, labels?: Values<Label>): void {
    this.count(value, this.at(labels));
  }

  /** Observes one series without looking it up each time: for hot paths. */
  with(labels: Values<Label>): (value: number) => void {
    const buckets = this.at(labels);
    return (value) => this.count(value, buckets);
  }

  private count(value: number, buckets: Buckets): void {
    let index = 0;
    while (index < this.bounds.length && value > (this.bounds[index] ?? Infinity)) index += 1;
    buckets.counts[index] = (buckets.counts[index] ?? 0) + 1;
    buckets.sum += value;
  }

  protected create(): Buckets {
    return { counts: new Float64Array(this.bounds.length + 1), sum: 0 };
  }

  protected samplesOf(labels: Values<Label>, { counts, sum }: Buckets): Sample[] {
    let below = 0;
    const buckets = [...counts].map((count, index) => {
      below += count;
      const le = index < this.bounds.length ? String(this.bounds[index]) : '+Inf';
      return { suffix: '_bucket', labels: { ...labels, le }, value: below };
    });
    return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: below }];
  }
}
