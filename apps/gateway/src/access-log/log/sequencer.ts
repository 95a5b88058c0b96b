import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { sequencerFailures } from '../../metrics/gateway-metrics.js';
import type { LogKey } from './log-key.js';
import { MAX_LEAVES, sequence } from './sequence.js';

/** From the first record to its checkpoint: long enough to collect others, short enough for "within a second". */
const COLLECT_MS = 250;
/** Between two checkpoints under steady work: two a second are enough for whoever waits for one. */
const REST_MS = 500;
/** Safety net: records of calls that give no signal, and a signal that was lost. */
const SWEEP_MS = 750;

export interface SequencerParts {
  readonly pool: Pool;
  readonly key: LogKey;
  readonly log: Logger;
  /** "There may be records": calls back until the returned function is called. */
  readonly onWork: (listener: () => void) => () => void;
  /** Called after the commit of a new checkpoint, not before. */
  readonly onCheckpoint: () => void;
}

/** Turns committed records into leaves and checkpoints, beside the requests. Every process has one. */
export class Sequencer {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private lastCheckpointMs = -Infinity;
  private closed = false;
  private readonly sweep: NodeJS.Timeout;
  private readonly off: () => void;

  constructor(private readonly parts: SequencerParts) {
    this.off = parts.onWork(() => this.wake());
    this.sweep = setInterval(() => void (this.timer ?? this.catchUp()), SWEEP_MS).unref();
  }

  /** One cycle soon; calls meanwhile change nothing. */
  wake(): void {
    if (this.closed || this.timer || this.running) return;
    const rest = this.lastCheckpointMs + REST_MS - performance.now();
    this.timer = setTimeout(
      () => {
        this.timer = null;
        void this.catchUp();
      },
      Math.max(COLLECT_MS, rest),
    );
  }

  /** Sequences all that is pending now. Never rejects: what fails is logged, and the next sweep tries again. */
  catchUp(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Stops, and sequences what the last requests left. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweep);
    if (this.timer) clearTimeout(this.timer);
    this.off();
    await this.running;
    await this.catchUp();
  }

  private async run(): Promise<void> {
    const { pool, key, log, onCheckpoint } = this.parts;
    try {
      for (;;) {
        const result = await sequence(pool, key);
        if (result.kind !== 'grown') return;
        this.lastCheckpointMs = performance.now();
        onCheckpoint();
        if (result.leaves < MAX_LEAVES) return;
      }
    } catch (error) {
      sequencerFailures.add();
      const { code, message } = error as { code?: unknown; message?: string };
      // A code of the database stands for itself; a message of ours holds no value.
      log.warn(code === undefined ? { cause: message } : { code }, 'sequencing failed; the next sweep tries again');
    }
  }
}
