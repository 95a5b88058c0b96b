/** What the times of one run come to, in ms. */
export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Every latency of a run, so that no percentile is estimated. Eight bytes each: a run has an end. */
export class Latencies {
  private readonly ms: number[] = [];

  add(ms: number): void {
    this.ms.push(ms);
  }

  summary(): LatencySummary {
    const sorted = Float64Array.from(this.ms).sort();
    const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), p999Ms: at(0.999), maxMs: at(1) };
  }
}
