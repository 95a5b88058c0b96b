import { describe, expect, it } from '@jest/globals';
import type { Section } from './result.js';
import { renderTables, short, spreadText } from './tables.js';

describe('numbers in a table', () => {
  it('have three places that mean something', () => {
    expect([0.512, 12.34, 3_456.7, Number.NaN].map(short)).toEqual(['0.51', '12.3', '3,457', 'unknown']);
  });

  it('show their spread where the runs differ', () => {
    expect(spreadText({ median: 5, min: 4, max: 7 })).toBe('5.00 (4.00-7.00)');
    expect(spreadText({ median: 5, min: 5, max: 5 })).toBe('5.00');
  });
});

describe('the report', () => {
  const section: Section = {
    measure: 'accept',
    loads: [],
    figures: [{ name: 'gateway ready', unit: 's', value: { median: 2, min: 1, max: 3 } }],
    aims: [{ name: 'accept', value: 10, unit: '/s', atLeast: 3_000 }],
    ratios: [
      { name: 'ours / floor', value: 0.6, atLeast: 0.5 },
      { name: 'growth', value: 1.3, atMost: 1.2 },
      { name: 'ours / nginx', value: 0.2 },
    ],
    notes: ['nginx is left out'],
  };

  it('tells of a load what it took, and what the machine gave right before each run', () => {
    const same = (value: number) => ({ median: value, min: value, max: value });
    const load = {
      name: 'accept',
      plainHashesPerSecond: { median: 1_500_000, min: 1_000_000, max: 2_000_000 },
      saturationPerSecond: same(2_000),
      p50Ms: same(9),
      p99Ms: same(40),
      p999Ms: same(60),
      cpuPer1000: { gateway: same(0.5) },
      writtenPerRequest: { gateway: same(0), database: same(9_000) },
      walPerRequest: null,
      runs: [],
    };
    const [, row] = /^\| accept +\|(.*)\|$/m.exec(renderTables([{ ...section, loads: [load], aims: [] }])) ?? [];
    expect(row?.split('|').map((cell) => cell.trim())).toEqual([
      ...['2,000', '9.00', '40.0', '60.0', 'gateway 0.50', 'database 9,000', '1,500,000 (1,000,000-2,000,000)'],
    ]);
  });

  it('says of each ratio and aim whether it holds, and leaves out tables without rows', () => {
    const text = renderTables([section]);
    expect(text).toMatch(/ours \/ floor +\| 0\.60 +\| >= 0\.5 +\| yes/);
    expect(text).toMatch(/growth +\| 1\.30 +\| <= 1\.2 +\| NO/);
    expect(text).toMatch(/ours \/ nginx +\| 0\.20 +\| none +\| +\|/);
    expect(text).toMatch(/accept +\| 10\.0 \/s +\| >= 3,000 +\| NO/);
    expect(text).toContain('- nginx is left out');
    expect(text).not.toContain('Under load');
  });
});
