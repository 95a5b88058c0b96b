import { afterEach, describe, expect, it } from '@jest/globals';
import type { Intent } from '../behaviour/intent.js';
import { Outbox, TryLater } from './outbox.js';

const intent = (id: string, dueAt = Date.now()): Intent => ({
  kind: 'consult',
  id,
  caseId: 'c',
  purpose: 'P03',
  dueAt,
});
const until = async (reached: () => boolean): Promise<void> => {
  for (let tries = 0; !reached() && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('the outbox', () => {
  const boxes: Outbox[] = [];
  const outbox = (
    work: (one: Intent) => Promise<void>,
    report: (one: Intent, problem: string) => void = () => undefined,
  ) => {
    const box = new Outbox(work, report);
    boxes.push(box);
    return box;
  };
  afterEach(() => Promise.all(boxes.splice(0).map((box) => box.stop())));

  it('does each piece of work once, even when it is added twice', async () => {
    const done: string[] = [];
    const box = outbox((one) => Promise.resolve(void done.push(one.id)));
    box.add([intent('a'), intent('a'), intent('b')]);
    await until(() => box.size === 0);
    expect(done.sort()).toEqual(['a', 'b']);
  });

  it('waits until work is due, and counts as pending only what is due soon', async () => {
    const done: string[] = [];
    const box = outbox((one) => Promise.resolve(void done.push(one.id)));
    box.add([intent('late', Date.now() + 3_600_000), intent('soon', Date.now() + 60)]);
    expect(box.pendingWithin(60_000)).toBe(1);
    expect(box.size).toBe(2);
    await until(() => done.length > 0);
    expect(done).toEqual(['soon']);
  });

  it('tries again after an obstacle and drops what can never succeed', async () => {
    const tries: string[] = [];
    const reported: string[] = [];
    const box = outbox(
      (one) => {
        tries.push(one.id);
        if (one.id === 'broken') return Promise.reject(new Error('no such contract'));
        return tries.filter((id) => id === one.id).length < 2
          ? Promise.reject(new TryLater('busy'))
          : Promise.resolve();
      },
      (one, problem) => reported.push(`${one.id}: ${problem}`),
    );
    box.add([intent('busy'), intent('broken')]);
    await until(() => box.size === 0);
    expect(tries.filter((id) => id === 'busy')).toHaveLength(2);
    expect(tries.filter((id) => id === 'broken')).toHaveLength(1);
    expect(reported.sort()).toEqual(['broken: no such contract', 'busy: busy']);
  });

  it('finishes what runs when it is stopped, and starts nothing more', async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const box = outbox(async (one) => {
      await gate;
      done.push(one.id);
    });
    box.add(Array.from({ length: 20 }, (_, index) => intent(`i${index}`)));
    const stopped = box.stop();
    release();
    await stopped;
    expect(done).toHaveLength(8);
  });
});
