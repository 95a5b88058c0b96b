import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { TimerKind } from '../cases/case-snapshot.js';
import type { CaseClock } from '../clock.js';
import { caseAlarms } from '../metrics/gateway-metrics.js';
import { traceOf } from '../trace-context.js';
import type { Exchange } from './exchange.js';

const SWEEP_MS = 1_000;
const MAX_DUE = 200;
/** A case whose dossier was fetched in time is no alarm, though its timer runs out: fetching is not an event of the case. */
const DUE = `SELECT t.case_id AS "caseId", t.kind, (t.kind <> 'TMR-REST' AND (t.kind <> 'TMR-FETCH' OR EXISTS (
    SELECT 1 FROM delivery d JOIN message m ON m.id = d.message_id
    WHERE d.case_id = t.case_id AND m.contract IN ('M08', 'M09') AND d.fetched_at IS NULL AND d.state <> 'WITHDRAWN'))) AS alarm
  FROM timer t WHERE t.due_at <= $1 ORDER BY t.due_at LIMIT ${MAX_DUE}`;

interface DueRow {
  readonly caseId: string;
  readonly kind: TimerKind;
  readonly alarm: boolean;
}

/**
 * Step 14 of docs/lifecycle.md: fires what is due on the case clock. Any process may: under the case lock only the first
 * finds the timer running.
 */
export class TimerLoop {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly exchange: Exchange,
    private readonly clock: CaseClock,
    private readonly log: Logger,
  ) {
    this.timer = setInterval(() => this.tick(), SWEEP_MS).unref();
  }

  tick(): void {
    this.running ??= this.sweep()
      .catch((error: unknown) =>
        this.log.warn({ name: (error as Error).name }, 'firing timers failed; the next sweep tries again'),
      )
      .finally(() => (this.running = null));
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async sweep(): Promise<void> {
    const { rows } = await this.pool.query<DueRow>({
      name: 'timers-due',
      text: DUE,
      values: [this.clock.now()],
    });
    await Promise.all(
      rows.map((row) =>
        this.exchange.fire({ kind: 'timer', caseId: row.caseId, timer: row.kind, trace: traceOf(undefined) }),
      ),
    );
    const alarms = rows.filter((row) => row.alarm);
    for (const { kind } of alarms) caseAlarms.add({ kind });
    if (alarms.length > 0)
      this.log.warn({ timers: countByKind(alarms.map((row) => row.kind)) }, 'cases wait longer than they should');
  }
}

function countByKind(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
