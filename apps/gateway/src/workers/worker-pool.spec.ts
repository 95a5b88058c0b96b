import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { WorkerPool, WorkerRefused, type PooledWorker, type WorkerEnd } from './worker-pool.js';

const log = pino({ level: 'silent' });

/** A worker without a process: the test says when it is ready, leaves and ends. */
class FakeWorker implements PooledWorker {
  readonly pid = 1;
  readonly ready: Promise<void>;
  readonly leaving: Promise<void>;
  readonly ended: Promise<WorkerEnd>;
  stopped = false;
  becomeReady = (): void => undefined;
  leave = (): void => undefined;
  end = (_end: WorkerEnd): void => undefined;

  constructor(readonly name: string) {
    this.leaving = new Promise((resolve) => (this.leave = resolve));
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.ready = new Promise((resolve, reject) => {
      this.becomeReady = resolve;
      void this.ended.then(() => reject(new Error('ended')));
    });
    this.ready.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.end({ code: 0, signal: null });
    await this.ended;
  }

  kill(): void {
    this.end({ code: null, signal: 'SIGKILL' });
  }
}

/** A pool of two whose workers start by themselves as long as `starts` says so. */
function poolOfTwo(starts: (count: number) => boolean = () => true) {
  const spawned: FakeWorker[] = [];
  let gaveUp = 0;
  const pool = new WorkerPool<FakeWorker>({
    count: 2,
    log,
    backOffMs: 0.01,
    readyLimitMs: 1_000,
    onGiveUp: () => (gaveUp += 1),
    spawn: (name) => {
      const worker = new FakeWorker(name);
      spawned.push(worker);
      if (starts(spawned.length)) queueMicrotask(() => worker.becomeReady());
      else queueMicrotask(() => worker.end({ code: 1, signal: null }));
      return worker;
    },
  });
  return { pool, spawned, gaveUp: () => gaveUp };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 30));
const crash: WorkerEnd = { code: null, signal: 'SIGSEGV' };

describe('worker pool', () => {
  it('starts the first alone and says how it ended when it may not start, without trying the others', async () => {
    const { pool, spawned } = poolOfTwo(() => false);
    await expect(pool.start()).rejects.toThrow(WorkerRefused);
    expect(spawned).toHaveLength(1);
  });

  it('replaces a worker that dies, and one that leaves before it has gone', async () => {
    const { pool, spawned } = poolOfTwo();
    await pool.start();
    spawned[0]!.end(crash);
    await settle();
    expect(spawned.map(({ name }) => name)).toEqual(['1', '2', '1']);
    spawned[1]!.leave();
    await settle();
    expect([...pool.serving.values()]).toEqual([spawned[2], spawned[3]]);
    expect(pool.everyone).toContain(spawned[1]);
    spawned[1]!.end({ code: 0, signal: null });
    await settle();
    expect(spawned).toHaveLength(4);
  });

  it('has each new one ready before the old one stops, one after another', async () => {
    const order: string[] = [];
    const { pool, spawned } = poolOfTwo();
    await pool.start();
    for (const [index, worker] of spawned.entries()) {
      void worker.ended.then(() =>
        order.push(`old ${index + 1} ends with ${pool.serving.get(worker.name) !== worker}`),
      );
    }
    expect(await pool.restart()).toBe(true);
    expect(order).toEqual(['old 1 ends with true', 'old 2 ends with true']);
    expect([...pool.serving.values()]).toEqual([spawned[2], spawned[3]]);
  });

  it('keeps the old ones when a new one does not start', async () => {
    const { pool, spawned } = poolOfTwo((count) => count !== 3);
    await pool.start();
    expect(await pool.restart()).toBe(false);
    expect([...pool.serving.values()]).toEqual([spawned[0], spawned[1]]);
    expect(spawned.slice(0, 2).map(({ stopped }) => stopped)).toEqual([false, false]);
  });

  it('tries again with pauses while one serves, and gives up when none does', async () => {
    let broken = false;
    const { pool, spawned, gaveUp } = poolOfTwo(() => !broken);
    await pool.start();
    broken = true;
    spawned[0]!.end(crash);
    await settle();
    expect([spawned.length > 3, gaveUp()]).toEqual([true, 0]);
    spawned[1]!.end(crash);
    await settle();
    await settle();
    expect(gaveUp()).toBeGreaterThan(0);
  });

  it('replaces nobody once it stops, and stops also what just starts', async () => {
    const { pool, spawned } = poolOfTwo();
    await pool.start();
    await pool.stop();
    await settle();
    expect([spawned.length, spawned.every(({ stopped }) => stopped)]).toEqual([2, true]);
  });
});
