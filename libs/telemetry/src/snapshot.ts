/** What a figure is: `process` of each process by itself, `shared` the same whichever process is asked. */
export type Scope = 'process' | 'shared';

export interface Sample {
  /** `_bucket`, `_sum` or `_count` of a histogram; empty for all others. */
  readonly suffix: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric as it stood at one moment; plain data, so that it can be sent to another process. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly scope: Scope;
  readonly samples: readonly Sample[];
}

export type Snapshot = readonly Family[];

/**
 * The figures of several worker processes as those of one gateway: counters and histograms are added up, a gauge of a
 * process keeps its value under the label `worker`, a shared gauge is taken from the first worker that has it.
 * @param byWorker name of the worker (bounded by their number) and what it counted
 */
export function mergeSnapshots(byWorker: ReadonlyMap<string, Snapshot>): Snapshot {
  const merged = new Map<string, { family: Family; samples: Map<string, Sample> }>();
  for (const [worker, snapshot] of byWorker) {
    for (const family of snapshot) {
      const into = merged.get(family.name) ?? { family, samples: new Map<string, Sample>() };
      merged.set(family.name, into);
      const mine = family.type === 'gauge' && family.scope === 'process' ? { worker } : {};
      for (const { suffix, labels, value } of family.samples) {
        const sample = { suffix, labels: { ...labels, ...mine }, value };
        const key = `${suffix} ${JSON.stringify(sample.labels)}`;
        const before = into.samples.get(key);
        if (!before) into.samples.set(key, sample);
        else if (family.type !== 'gauge') into.samples.set(key, { ...sample, value: before.value + value });
      }
    }
  }
  return [...merged.values()].map(({ family, samples }) => ({ ...family, samples: [...samples.values()] }));
}
