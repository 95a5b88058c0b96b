import { describe, expect, it } from '@jest/globals';
import { LoopTurns } from './loop-turns.js';

const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve));

describe('turns of the event loop', () => {
  it('lets what finds the loop idle begin at once, and no more than so many in one turn', async () => {
    const turns = new LoopTurns(2, 100);
    let begun = 0;
    const take = (): void => turns.take('ams', () => (begun += 1));
    for (let n = 0; n < 5; n += 1) take();
    expect(begun).toBe(2);
    await turnOfLoop();
    expect(begun).toBe(4);
    for (let n = 0; n < 3; n += 1) await turnOfLoop();
    expect(begun).toBe(5);
    take();
    expect(begun).toBe(6);
  });

  it('lets whoever asks little begin in the next turn, however many requests of others lie ready', async () => {
    const turns = new LoopTurns(2, 1_000);
    const order: string[] = [];
    const take = (caller: string): void => turns.take(caller, () => order.push(caller));
    for (let n = 0; n < 500; n += 1) take('ams');
    await turnOfLoop();
    take('dtv');
    await turnOfLoop();
    expect(order).toContain('dtv');
    expect(order.length).toBeLessThanOrEqual(6);
    for (let n = 0; n < 300; n += 1) await turnOfLoop();
    expect(order).toHaveLength(501);
  });
});
