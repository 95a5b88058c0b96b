import { type ChildProcess, fork } from 'node:child_process';
import { BUSY_NODE_FLAGS } from '../support/node-flags.js';
import type { LoadResult } from './open-loop.js';
import type { Shots } from './shots.js';
import type { Receiver } from './whole-way.js';

export type GeneratorOrder =
  | { readonly kind: 'aim'; readonly shots: Shots }
  | { readonly kind: 'receive'; readonly receivers: readonly Receiver[] }
  | { readonly kind: 'open'; readonly ratePerSecond: number; readonly seconds: number; readonly maxInFlight?: number }
  | { readonly kind: 'closed'; readonly inFlight: number; readonly seconds: number };

export type GeneratorAnswer =
  | { readonly serial: number; readonly ok: true; readonly result: unknown }
  | { readonly serial: number; readonly ok: false; readonly reason: string };

/** What the generator itself cost, and how many requests it has sent since it was aimed. */
interface Spent {
  readonly cpuSeconds: number;
  readonly sent: number;
  /** The start of an answer that was not the right one; null when there was none. */
  readonly wrong: string | null;
}

export type GeneratedLoad = LoadResult & Spent;
export type ClosedLoad = { readonly perSecond: number; readonly failed: number } & Spent;

/** Longer than any order: a run, the drain after it, and the answers that are waited for. */
const ORDER_LIMIT_MS = 900_000;

/** A load generator in a process of its own. Close it, or it outlives its use (though never us). */
export class Generator {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: GeneratorAnswer) => void>();
  private serial = 0;

  constructor() {
    const script = new URL('./generator-main.js', import.meta.url);
    this.child = fork(script, {
      // It shares the machine with what it measures: what it spends is missing there.
      execArgv: [...BUSY_NODE_FLAGS],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.on('message', (answer: GeneratorAnswer) => this.settle(answer));
    this.child.on('exit', (code) => {
      const reason = `the load generator ended (${code})`;
      for (const serial of [...this.waiting.keys()]) this.settle({ serial, ok: false, reason });
    });
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** What the next orders shoot at; connections to the target before are closed. */
  async aim(shots: Shots): Promise<void> {
    await this.order({ kind: 'aim', shots });
  }

  /** From now on a request counts as answered when its message was taken by its recipient. */
  async receive(receivers: readonly Receiver[]): Promise<void> {
    await this.order({ kind: 'receive', receivers });
  }

  async open(ratePerSecond: number, seconds: number, maxInFlight = 2_000): Promise<GeneratedLoad> {
    return (await this.order({ kind: 'open', ratePerSecond, seconds, maxInFlight })) as GeneratedLoad;
  }

  async closed(inFlight: number, seconds: number): Promise<ClosedLoad> {
    return (await this.order({ kind: 'closed', inFlight, seconds })) as ClosedLoad;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exited;
  }

  private order(order: GeneratorOrder): Promise<unknown> {
    const serial = (this.serial += 1);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.settle({ serial, ok: false, reason: 'no answer in time' }), ORDER_LIMIT_MS);
      this.waiting.set(serial, (answer) => {
        clearTimeout(late);
        if (answer.ok) resolve(answer.result);
        else reject(new Error(`the load generator: ${answer.reason}`));
      });
      this.child.send({ serial, order });
    });
  }

  private settle(answer: GeneratorAnswer): void {
    const settle = this.waiting.get(answer.serial);
    this.waiting.delete(answer.serial);
    settle?.(answer);
  }
}
