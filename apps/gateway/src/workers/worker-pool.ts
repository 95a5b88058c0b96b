import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What the pool needs of a worker. */
export interface PooledWorker {
  readonly name: string;
  readonly pid: number;
  /** Rejects when it ends before. */
  readonly ready: Promise<void>;
  /** It was told to stop by someone else and takes no more. */
  readonly leaving: Promise<void>;
  readonly ended: Promise<WorkerEnd>;
  /** Resolves when it is gone. */
  stop(): Promise<void>;
  kill(): void;
}

export interface WorkerPoolOptions<Worker extends PooledWorker> {
  readonly count: number;
  readonly spawn: (name: string) => Worker;
  readonly log: Logger;
  /** None serves and none can be started. */
  readonly onGiveUp: () => void;
  /** First pause before a worker that died is replaced; doubled with each failure in a row. */
  readonly backOffMs?: number;
  /** A new worker that is not ready by then is given up. */
  readonly readyLimitMs?: number;
}

const BACK_OFF_MS = 100;
const MAX_BACK_OFF_MS = 10_000;
const READY_LIMIT_MS = 60_000;
/** Failures in a row, with nobody serving, after which whoever supervises the gateway has to see it. */
const MAX_FAILURES = 10;

/** Keeps so many workers serving: replaces what dies, and all one after another when asked. */
export class WorkerPool<Worker extends PooledWorker> {
  /** Those that serve, by name. */
  readonly serving = new Map<string, Worker>();
  private readonly alive = new Set<Worker>();
  private failures = 0;
  private stopping = false;
  private rolling: Promise<boolean> | null = null;

  constructor(private readonly options: WorkerPoolOptions<Worker>) {}

  /** Starts the first alone, so that what keeps it from starting is said once; rejects with how it ended. */
  async start(): Promise<void> {
    const names = Array.from({ length: this.options.count }, (_, index) => String(index + 1));
    const [first = '1', ...others] = names;
    const worker = this.spawn(first);
    await worker.ready.catch(async () => {
      throw new WorkerRefused(await worker.ended);
    });
    this.serve(worker);
    await Promise.all(others.map((name) => this.replace(name)));
  }

  /** Also those that start, and those that finish what they have. */
  get everyone(): readonly Worker[] {
    return [...this.alive];
  }

  /** One after another: each new one is ready before the old one stops. False: it was not, and the old ones go on. */
  restart(): Promise<boolean> {
    this.rolling ??= this.roll().finally(() => (this.rolling = null));
    return this.rolling;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.alive].map((worker) => worker.stop()));
  }

  private async roll(): Promise<boolean> {
    for (const [name, old] of [...this.serving]) {
      const fresh = this.spawn(name);
      if (!(await this.readyInTime(fresh))) {
        this.options.log.error({ worker: name }, 'a new worker did not start; the old ones go on');
        return false;
      }
      this.serve(fresh);
      await old.stop();
    }
    this.options.log.info({ workers: this.serving.size }, 'all workers were replaced');
    return true;
  }

  private spawn(name: string): Worker {
    const worker = this.options.spawn(name);
    this.alive.add(worker);
    void worker.leaving.then(() => this.lost(worker, null));
    void worker.ended.then((end) => {
      this.alive.delete(worker);
      this.lost(worker, end);
    });
    if (this.stopping) void worker.stop();
    return worker;
  }

  private serve(worker: Worker): void {
    this.serving.set(worker.name, worker);
    this.failures = 0;
  }

  /** A worker that served is going or gone, and nobody had asked it to. */
  private lost(worker: Worker, end: WorkerEnd | null): void {
    if (this.serving.get(worker.name) !== worker) return;
    this.serving.delete(worker.name);
    if (this.stopping) return;
    this.options.log.warn({ worker: worker.name, ...end }, 'a worker stopped; another takes its place');
    void this.replace(worker.name);
  }

  /** Tries until one is ready, with growing pauses. */
  private async replace(name: string): Promise<void> {
    const { log, onGiveUp, backOffMs = BACK_OFF_MS } = this.options;
    while (!this.stopping && !this.serving.has(name)) {
      const worker = this.spawn(name);
      if (await this.readyInTime(worker)) {
        if (this.serving.has(name)) void worker.stop();
        else this.serve(worker);
        return;
      }
      if (this.stopping) return;
      this.failures += 1;
      log.error({ worker: name, failures: this.failures, ...(await worker.ended) }, 'a worker did not start');
      if (this.failures >= MAX_FAILURES && this.serving.size === 0) return onGiveUp();
      await sleep(Math.min(backOffMs * 2 ** this.failures, MAX_BACK_OFF_MS));
    }
  }

  private async readyInTime(worker: Worker): Promise<boolean> {
    const late = new AbortController();
    const limit = sleep(this.options.readyLimitMs ?? READY_LIMIT_MS, false, { signal: late.signal }).catch(() => false);
    const ready = worker.ready.then(
      () => true,
      () => false,
    );
    const inTime = await Promise.race([ready, limit]);
    late.abort();
    if (!inTime) worker.kill();
    return inTime;
  }
}

/** The first worker did not start; it has said why itself. */
export class WorkerRefused extends Error {
  constructor(readonly end: WorkerEnd) {
    super(`the first worker ended (${end.signal ?? `code ${end.code}`})`);
    this.name = 'WorkerRefused';
  }
}
