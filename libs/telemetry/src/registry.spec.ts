import { describe, expect, it } from '@jest/globals';
import { prometheusText } from './prometheus-text.js';
import { registerProcessMetrics } from './process-metrics.js';
import { Registry } from './registry.js';
import { mergeSnapshots } from './snapshot.js';

const linesOf = async (registry: Registry): Promise<string[]> =>
  prometheusText(await registry.snapshot())
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#'));

describe('figures', () => {
  it('are there from the beginning when they have no labels, and once seen when they have', async () => {
    const registry = new Registry();
    const refused = registry.counter({ name: 'refused_total', help: 'Refused.', labels: ['code'] });
    registry.counter({ name: 'failures_total', help: 'Failures.' });
    expect(await linesOf(registry)).toEqual(['failures_total 0']);
    refused.add({ code: 'OVERLOADED' });
    refused.add({ code: 'OVERLOADED' }, 2);
    expect(await linesOf(registry)).toEqual(['refused_total{code="OVERLOADED"} 3', 'failures_total 0']);
  });

  it('spread over cumulative buckets, the bounds belonging to the bucket below', async () => {
    const registry = new Registry();
    const seconds = registry.histogram({ name: 'seconds', help: 'Time.', labels: ['route'] }, [0.1, 1]);
    const observe = seconds.with({ route: '/v1' });
    for (const value of [0.1, 0.5, 7]) observe(value);
    expect(await linesOf(registry)).toEqual([
      'seconds_bucket{route="/v1",le="0.1"} 1',
      'seconds_bucket{route="/v1",le="1"} 2',
      'seconds_bucket{route="/v1",le="+Inf"} 3',
      'seconds_sum{route="/v1"} 7.6',
      'seconds_count{route="/v1"} 3',
    ]);
  });

  it('are counted together beyond 1,000 series of one metric', async () => {
    const registry = new Registry();
    const seen = registry.counter({ name: 'seen_total', help: 'Seen.', labels: ['who'] });
    for (let index = 0; index < 1_500; index += 1) seen.add({ who: `caller ${index}` });
    const lines = await linesOf(registry);
    expect(lines).toHaveLength(1_001);
    expect(lines).toContain('seen_total{who="other"} 500');
  });

  it('escape what would break the text', async () => {
    const registry = new Registry();
    registry.gauge({ name: 'g', help: 'two\nlines', labels: ['a'] }).set(Infinity, { a: 'b"c\\d\ne' });
    expect(prometheusText(await registry.snapshot())).toBe(
      '# HELP g two\\nlines\n# TYPE g gauge\ng{a="b\\"c\\\\d\\ne"} +Inf\n',
    );
  });

  it('are read when asked for; a reading that fails leaves the others', async () => {
    const registry = new Registry();
    const gauge = registry.gauge({ name: 'g', help: 'G.' });
    registry.onRead('process', () => Promise.reject(new Error('the database is gone')));
    const end = registry.onRead('process', () => gauge.set(5));
    expect(await linesOf(registry)).toEqual(['g 5']);
    end();
    gauge.set(1);
    expect(await linesOf(registry)).toEqual(['g 1']);
  });

  it('of one name stand once', () => {
    const registry = new Registry();
    registry.gauge({ name: 'g', help: 'G.' });
    expect(() => registry.counter({ name: 'g', help: 'G.' })).toThrow('two metrics of the name g');
  });

  it('of the process tell its memory and how late its timers are', async () => {
    const registry = new Registry();
    registerProcessMetrics(registry);
    const text = prometheusText(await registry.snapshot());
    expect(Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(10_000_000);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds [0-9.e-]+$/m);
  });
});

describe('the figures of several workers', () => {
  const worker = (requests: number, queue: number, rows: number): Registry => {
    const registry = new Registry();
    registry.counter({ name: 'requests_total', help: 'Requests.', labels: ['route'] }).add({ route: '/a' }, requests);
    registry.gauge({ name: 'queue', help: 'Queue.' }).set(queue);
    registry.gauge({ name: 'rows', help: 'Rows.' }, 'shared').set(rows);
    registry.histogram({ name: 's', help: 'S.' }, [1]).observe(requests);
    return registry;
  };

  it('are added up, but what each has of its own, and what is the same for all', async () => {
    const [first, second] = [worker(3, 7, 100), worker(1, 2, 100)];
    const snapshots = new Map([
      ['1', await first.snapshot()],
      ['2', await second.snapshot('process')],
    ]);
    const sent = new Map([...snapshots].map(([name, one]) => [name, JSON.parse(JSON.stringify(one)) as typeof one]));
    expect(prometheusText(mergeSnapshots(sent))).toBe(
      [
        '# HELP requests_total Requests.',
        '# TYPE requests_total counter',
        'requests_total{route="/a"} 4',
        '# HELP queue Queue.',
        '# TYPE queue gauge',
        'queue{worker="1"} 7',
        'queue{worker="2"} 2',
        '# HELP rows Rows.',
        '# TYPE rows gauge',
        'rows 100',
        '# HELP s S.',
        '# TYPE s histogram',
        's_bucket{le="1"} 1',
        's_bucket{le="+Inf"} 2',
        's_sum 4',
        's_count 2',
        '',
      ].join('\n'),
    );
  });
});
