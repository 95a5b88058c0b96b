import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { hotQueryOf } from '../storage/transaction.js';
import type { DeliverySignal } from './delivery-signal.js';

/** Safety net when a signal was lost. */
const SWEEP_MS = 1_000;
/** Per recipient and transaction: whoever is numbered after a flood waits for this much of it, not for all. */
const MAX_ROWS = 200;
/** Between two passes: under load one pass numbers what several commits wrote, for little more than it costs for one. */
const GAP_MS = 15;
const NUMBER = { name: 'number-deliveries', text: 'SELECT number_deliveries($1) AS n', values: [MAX_ROWS] };

/**
 * Gives committed deliveries their number per recipient; nothing shows a row before it has one. Runs after each commit,
 * with and without Kafka; any number of processes may.
 */
export class Numberer {
  private running: Promise<void> | null = null;
  private again = false;
  private readonly timer: NodeJS.Timeout;
  private readonly off: () => void;

  constructor(
    private readonly pool: Pool,
    signal: DeliverySignal,
    private readonly log: Logger,
    /** Called after rows got their number: relay and waiting inboxes look again. */
    private readonly onNumbered: () => void,
    private readonly demoFaults: (() => Promise<void>) | null,
  ) {
    this.off = signal.onWork(() => this.wake());
    this.timer = setInterval(() => this.wake(), SWEEP_MS).unref();
  }

  wake(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    const pass = this.pass().then(() => pause(GAP_MS));
    this.running = pass.finally(() => {
      this.running = null;
      if (this.again) {
        this.again = false;
        this.wake();
      }
    });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.off();
    while (this.running) await this.running;
  }

  private async pass(): Promise<void> {
    try {
      await this.demoFaults?.();
      const { rows } = await hotQueryOf<{ n: number }>(this.pool, NUMBER);
      const numbered = rows[0]?.n ?? 0;
      if (numbered > 0) this.onNumbered();
      if (numbered >= MAX_ROWS) this.again = true;
    } catch (error) {
      this.log.warn(
        { code: (error as { code?: unknown }).code },
        'numbering deliveries failed; the next sweep tries again',
      );
    }
  }
}
