import cluster, { type Worker } from 'node:cluster';
import type { Snapshot } from '#telemetry/snapshot.js';
import type { Answers, FromWorker, ListenerName, Question, ToWorker } from './messages.js';
import type { PooledWorker, WorkerEnd } from './worker-pool.js';

/** A worker that does not answer is taken for one in trouble. */
const ANSWER_LIMIT_MS = 5_000;
/**
 * glibc gives each thread a heap of its own, and keeps for that thread what it frees. V8 takes most memory itself, so
 * that threads seldom want the one heap at once, and a process at saturation needs 12 MB less.
 */
const ONE_ARENA = { MALLOC_ARENA_MAX: '1' };

export interface WorkerProcessOptions {
  readonly name: string;
  readonly begin: () => Extract<ToWorker, { kind: 'begin' }>;
  /** It is killed when it has not gone so long after it was asked to. */
  readonly stopLimitMs: number;
  readonly onRenewTicketKey: (listener: ListenerName) => void;
  readonly onLastFigures: (figures: Snapshot) => void;
}

/** One worker as the primary sees it: started at once, spoken to over the channel of node:cluster. */
export class WorkerProcess implements PooledWorker {
  readonly name: string;
  readonly ready: Promise<void>;
  readonly leaving: Promise<void>;
  readonly ended: Promise<WorkerEnd>;
  private readonly worker: Worker;
  private readonly asked = new Map<number, (value: Answers[Question]) => void>();
  private questions = 0;

  constructor(private readonly options: WorkerProcessOptions) {
    this.name = options.name;
    this.worker = cluster.fork({ ...ONE_ARENA, GATEWAY_WORKER: options.name });
    this.ended = new Promise((resolve) => this.worker.once('exit', (code, signal) => resolve({ code, signal })));
    this.ready = new Promise((resolve, reject) => {
      this.hear('ready', resolve);
      void this.ended.then(() => reject(new Error('the worker ended before it was ready')));
    });
    // Whoever waits for it hears of it; an end is no failure of the primary.
    this.ready.catch(() => undefined);
    this.leaving = new Promise((resolve) => this.hear('leaving', resolve));
    this.worker.on('message', (message: FromWorker) => this.take(message));
    // A message to a worker that is just ending has nobody to arrive at.
    this.worker.on('error', () => undefined);
  }

  get pid(): number {
    return this.worker.process.pid ?? -1;
  }

  send(message: ToWorker): void {
    if (this.worker.isConnected()) this.worker.send(message);
  }

  /** Rejects when the worker does not answer in time. */
  ask<Asked extends Question>(question: Asked, argument?: string): Promise<Answers[Asked]> {
    const id = (this.questions += 1);
    return new Promise((resolve, reject) => {
      const silent = (): void => {
        clearTimeout(timer);
        this.asked.delete(id);
        reject(new Error(`worker ${this.name} does not answer`));
      };
      const timer = setTimeout(silent, ANSWER_LIMIT_MS);
      if (!this.worker.isConnected()) return silent();
      this.asked.set(id, (value) => {
        clearTimeout(timer);
        this.asked.delete(id);
        resolve(value as Answers[Asked]);
      });
      this.send({ kind: 'ask', id, question, ...(argument === undefined ? {} : { argument }) });
    });
  }

  /** Asks it to finish and go; kills it when it does not. Resolves when it is gone. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.kill(), this.options.stopLimitMs);
    this.send({ kind: 'stop' });
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.worker.process.kill('SIGKILL');
  }

  private take(message: FromWorker): void {
    if (message.kind === 'hello') this.send(this.options.begin());
    if (message.kind === 'answer') this.asked.get(message.id)?.(message.value);
    if (message.kind === 'last-figures') this.options.onLastFigures(message.figures);
    if (message.kind === 'renew-ticket-key') this.options.onRenewTicketKey(message.listener);
  }

  private hear(kind: FromWorker['kind'], then: () => void): void {
    this.worker.on('message', (message: FromWorker) => {
      if (message.kind === kind) then();
    });
  }
}
