import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { hotQueryOf } from '../storage/transaction.js';

const SWEEP_MS = 1_000;
/** Per recipient and transaction. */
const MAX_ROWS = 200;
const NUMBER = { name: 'number-deliveries', text: 'SELECT number_deliveries($1) AS n', values: [MAX_ROWS] };

/**
 * Numbers what was committed without one. A delivery gets its number when it is made; processes of the release before,
 * which may still run beside this one, gave it afterwards, and one that died in between left it to whoever is there.
 * Goes with the next release.
 */
export class Numberer {
  private running: Promise<void> | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pool: Pool,
    private readonly log: Logger,
  ) {
    this.timer = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private sweep(): void {
    this.running ??= hotQueryOf(this.pool, NUMBER)
      .then(() => undefined)
      .catch(({ code }: { code?: unknown }) => {
        this.log.warn({ code }, 'numbering deliveries failed; the next sweep tries again');
      })
      .finally(() => (this.running = null));
  }
}
