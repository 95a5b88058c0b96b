import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { NotificationProducer } from '#messaging/kafka-port.js';
import { DEAD_LETTER_TOPIC } from '#messaging/topics.js';
import { withKeys } from './delivery-keys.js';
import {
  DELIVERY_COLUMNS,
  notificationEvent,
  type NotificationOrigin,
  type NumberedDelivery,
} from './notification-event.js';

/** A message parked longer than this is a dead letter: someone has to look, and it has waited long enough. */
const PARKED_LIMIT_HOURS = 24;
const SWEEP_MS = 60_000;
const MAX_ROWS = 500;

const OVERDUE = `SELECT ${DELIVERY_COLUMNS} FROM delivery d
  WHERE d.state = 'PARKED' AND d.failure_code IS NOT NULL AND d.parked_at < now() - make_interval(hours => $1)
  LIMIT ${MAX_ROWS}`;
const BURY = `UPDATE delivery d SET state = 'DEAD', dead_at = now()
  WHERE ${withKeys(1, 2)} AND d.state = 'PARKED'`;

/** Turns what has been parked too long into dead letters; the case stays closed for that recipient until redrive. */
export class DeadLetters {
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pool: Pool,
    private readonly producer: NotificationProducer | null,
    private readonly origin: NotificationOrigin,
    private readonly log: Logger,
    private readonly parkedLimitHours = PARKED_LIMIT_HOURS,
  ) {
    this.timer = setInterval(
      () => void this.sweep().catch(() => this.log.warn('the dead-letter sweep failed')),
      SWEEP_MS,
    ).unref();
  }

  /**
   * Returns how many were buried. They are published first: while the broker is away they stay parked and the next sweep
   * tries again. Two processes may publish one twice.
   */
  async sweep(): Promise<number> {
    const { rows } = await this.pool.query<NumberedDelivery>(OVERDUE, [this.parkedLimitHours]);
    if (rows.length === 0) return 0;
    await this.producer?.send(
      DEAD_LETTER_TOPIC,
      rows.map((row) => notificationEvent(row, this.origin)),
    );
    const { rowCount } = await this.pool.query(BURY, [rows.map((row) => row.id), rows.map((row) => row.acceptedAt)]);
    if (rowCount) this.log.error({ count: rowCount }, 'messages became dead letters: redrive or skip them');
    return rowCount ?? 0;
  }

  close(): void {
    clearInterval(this.timer);
  }
}
