import { describe, expect, it } from '@jest/globals';
import { loadLine, type LoadLine, spreadOf } from './result.js';
import { sizingOf } from './sizing.js';

function line(name: string, cpu: Readonly<Record<string, number>>): LoadLine {
  const cpuPer1000 = Object.fromEntries(Object.entries(cpu).map(([role, seconds]) => [role, spreadOf([seconds])]));
  return { ...loadLine(name, []), cpuPer1000 };
}

describe('what a machine carries', () => {
  it('is what two thirds of its cores pay for, gateway and database together', () => {
    const [sizing] = sizingOf([line('accept', { gateway: 0.7, database: 0.3, generator: 5 })]);
    expect(sizing?.perSecond.map(Math.round)).toEqual([1_333, 2_667, 5_333]);
  });

  it('is told of the gateway alone', () => {
    expect(sizingOf([line('floor', { floor: 0.2, database: 0.1 }), line('nginx', { nginx: 0.1 })])).toEqual([]);
  });
});
