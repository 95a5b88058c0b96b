import { describe, expect, it } from '@jest/globals';
import { FairTurns } from './fair-turns.js';

const limits = { atOnce: 2, maxItems: 6, maxItemsPerLane: 6 };
const soon = () => new Promise((resolve) => setTimeout(resolve, 2));

describe('fair turns', () => {
  it('runs so many at once, and lets whoever asks little go before the rest of a flood', async () => {
    const turns = new FairTurns(limits);
    const order: string[] = [];
    let running = 0;
    let most = 0;
    const work = (name: string) => async (): Promise<string> => {
      most = Math.max(most, (running += 1));
      await soon();
      running -= 1;
      order.push(name);
      return name;
    };
    const flood = [1, 2, 3, 4, 5].map((n) => turns.run('ams', work(`ams ${n}`)));
    expect(await turns.run('dtv', work('dtv'))).toBe('dtv');
    await Promise.all(flood);
    expect(most).toBe(2);
    expect(order.indexOf('dtv')).toBeLessThanOrEqual(3);
  });

  it('refuses what has no room to wait, and goes on after work that failed', async () => {
    const turns = new FairTurns({ ...limits, atOnce: 1, maxItems: 1 });
    const failing = turns.run('ams', async () => {
      await soon();
      throw new Error('no');
    });
    const next = turns.run('ams', () => Promise.resolve('next'));
    await expect(turns.run('ams', soon)).rejects.toMatchObject({
      code: 'OVERLOADED',
      extra: { headers: { 'retry-after': '1' } },
    });
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('next');
    expect(await turns.run('ams', () => Promise.resolve('later'))).toBe('later');
    expect(turns.depth).toBe(0);
  });
});
