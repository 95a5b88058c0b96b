import { describe, expect, it } from '@jest/globals';
import { Latencies } from './latencies.js';

describe('latencies', () => {
  it('takes the smallest time that so large a share did not exceed', () => {
    const latencies = new Latencies();
    for (let ms = 1_000; ms >= 1; ms -= 1) latencies.add(ms);
    expect(latencies.summary()).toEqual({ count: 1_000, p50Ms: 500, p99Ms: 990, p999Ms: 999, maxMs: 1_000 });
  });

  it('is zero where nothing was measured', () => {
    expect(new Latencies().summary()).toEqual({ count: 0, p50Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0 });
  });
});
