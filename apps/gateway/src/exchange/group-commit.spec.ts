import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from './group-commit.js';

const limits = { maxBatch: 10, maxBatchCost: 20, maxQueue: 20, maxQueuePerLane: 10, maxInFlight: 1 };
const pgError = (code: string): Error => Object.assign(new Error('database'), { code });

describe('group commit', () => {
  it('puts what arrives during a commit into the next one, in arrival order', async () => {
    const batches: number[][] = [];
    const commit = new GroupCommit<number, number>(async (batch) => {
      batches.push([...batch]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return batch.map((value) => ({ ok: true, value: value * 2 }));
    }, limits);
    const answers = await Promise.all([1, 2, 3, 4].map((value) => commit.submit(value, 'ams')));
    expect(answers).toEqual([2, 4, 6, 8]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it.each([
    ['as soon as enough wait for it', 3, 10_000, [1, 3]],
    ['after a while, whatever waits', 3, 20, [1, 2]],
  ])('begins a second transaction %s', async (_, items, afterMs, expected) => {
    const sizes: number[] = [];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const commit = new GroupCommit<number, number>(
      async (batch) => {
        sizes.push(batch.length);
        if (sizes.length === 1) await gate;
        return batch.map((value) => ({ ok: true, value }));
      },
      { ...limits, maxInFlight: 2, besides: { items, afterMs } },
    );
    const stuck = commit.submit(0, 'ams');
    const others = [1, 2, 3].slice(0, expected[1]).map((value) => commit.submit(value, 'ams'));
    expect(sizes).toEqual([1, ...(expected[1] === items ? [items] : [])]);
    await Promise.all(others);
    expect(sizes).toEqual(expected);
    release();
    await stuck;
  });

  it('replays one by one after a deadlock, so that no caller sees it', async () => {
    const sizes: number[] = [];
    const commit = new GroupCommit<number, number>((batch) => {
      sizes.push(batch.length);
      if (batch.length > 1) return Promise.reject(pgError('40P01'));
      return Promise.resolve(batch.map((value) => ({ ok: true, value })));
    }, limits);
    const first = commit.submit(0, 'ams');
    expect(await Promise.all([first, commit.submit(1, 'ams'), commit.submit(2, 'ams')])).toEqual([0, 1, 2]);
    expect(sizes).toEqual([1, 2, 1, 1]);
  });

  it('gives each item its own refusal', async () => {
    const commit = new GroupCommit<number, number>(
      (batch) =>
        Promise.resolve(
          batch.map((v) => (v < 0 ? { ok: false, error: new Error('negative') } : { ok: true, value: v })),
        ),
      limits,
    );
    const results = await Promise.allSettled([commit.submit(1, 'ams'), commit.submit(-1, 'ams')]);
    expect(results.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
  });

  it('refuses with OVERLOADED and Retry-After when the queue is full, and finishes the rest on close', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const commit = new GroupCommit<number, number>(
      async (batch) => {
        await gate;
        return batch.map((value) => ({ ok: true, value }));
      },
      { ...limits, maxBatch: 1, maxQueue: 1 },
    );
    const running = commit.submit(1, 'ams');
    const queued = commit.submit(2, 'ams');
    await expect(commit.submit(3, 'ams')).rejects.toMatchObject({
      code: 'OVERLOADED',
      extra: { headers: { 'retry-after': '1' } },
    });
    release();
    await commit.close();
    expect(await Promise.all([running, queued])).toEqual([1, 2]);
    await expect(commit.submit(4, 'ams')).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  it('serves whoever asks little in the next commit, and refuses the surplus of whoever asks too much', async () => {
    const batches: string[][] = [];
    const commit = new GroupCommit<string, string>(
      async (batch) => {
        batches.push([...batch]);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return batch.map((value) => ({ ok: true, value }));
      },
      { ...limits, maxBatch: 4, maxQueue: 12 },
    );
    const flood = Promise.allSettled(Array.from({ length: 30 }, (_, n) => commit.submit(`ams ${n}`, 'ams')));
    expect(await commit.submit('dtv', 'dtv')).toBe('dtv');
    expect(batches).toHaveLength(2);
    expect(batches[1]).toContain('dtv');
    const refused = (await flood).filter((one) => one.status === 'rejected');
    // One was under way and ten could wait.
    expect(refused).toHaveLength(19);
    expect(refused[0]).toMatchObject({ reason: { code: 'OVERLOADED', extra: { headers: { 'retry-after': '1' } } } });
  });

  it('does not hide a broken database behind a replay', async () => {
    const commit = new GroupCommit<number, number>(() => Promise.reject(pgError('53100')), limits);
    await expect(commit.submit(1, 'ams')).rejects.toMatchObject({ code: '53100' });
  });
});
