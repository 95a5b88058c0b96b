import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { GatewayError } from '../../errors.js';

const REFRESH_MS = 1_000;
const RETRY_AFTER_SECONDS = '10';

/** By the clock of the database alone: processes need not agree on the time. */
const STATE = `SELECT
    (SELECT halted FROM ketenpoort.tree_head ORDER BY epoch DESC LIMIT 1) AS halted,
    coalesce((SELECT extract(epoch FROM clock_timestamp() - min(since)) FROM ketenpoort.pending_leaf), 0)::float8
      AS "lagSeconds"`;

interface State {
  readonly halted: string | null;
  /** Age of the oldest record that is no leaf yet; 0 when there is none. */
  readonly lagSeconds: number;
}

/**
 * Whether the log keeps up. A record that is not in the tree is one that nobody outside can hold the log to: beyond a
 * bound the gateway takes no more work. Kept in memory, so that no request waits for the answer.
 */
export class LogHealth {
  private state: State = { halted: null, lagSeconds: 0 };
  private said: string | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pool: Pool,
    private readonly maxLagSeconds: number,
    private readonly log: Logger,
  ) {
    this.timer = setInterval(() => this.look(), REFRESH_MS).unref();
  }

  /** Soon, in passing. When the database is gone, each request finds that out for itself and gets the same answer. */
  look(): void {
    void this.refresh().catch(() => undefined);
  }

  /** Why the gateway takes no work, or null. */
  get trouble(): string | null {
    const { halted, lagSeconds } = this.state;
    if (halted !== null) return `the log is halted: ${halted}`;
    return lagSeconds > this.maxLagSeconds ? `the log is ${Math.round(lagSeconds)} s behind` : null;
  }

  /** The refusal of a request that would leave a record, or null. */
  refusal(): GatewayError | null {
    if (this.trouble === null) return null;
    const detail = 'the log takes no records now, so nothing was done';
    return new GatewayError('LOG_UNAVAILABLE', detail, { headers: { 'retry-after': RETRY_AFTER_SECONDS } });
  }

  async refresh(): Promise<void> {
    const { rows } = await this.pool.query<State & Record<string, unknown>>(STATE);
    if (rows[0]) this.state = rows[0];
    // Once when it begins, and once when it is over.
    const kind = this.state.halted ?? (this.trouble === null ? null : 'LAG');
    if (kind === this.said) return;
    this.said = kind;
    if (kind === null) this.log.info('the log keeps up again; work is taken');
    else this.log.error({ trouble: this.trouble }, 'the log takes no records; all work is refused');
  }

  close(): void {
    clearInterval(this.timer);
  }
}
