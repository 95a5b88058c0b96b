import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { NotificationProducer } from '#messaging/kafka-port.js';
import { DEAD_LETTER_TOPIC } from '#messaging/topics.js';
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

const BURY = `
  UPDATE delivery d SET state = 'DEAD', dead_at = now()
  WHERE (d.id, d.accepted_at) IN (SELECT id, accepted_at FROM delivery
    WHERE state = 'PARKED' AND failure_code IS NOT NULL AND parked_at < now() - make_interval(hours => $1) LIMIT ${MAX_ROWS})
    AND d.state = 'PARKED'
  RETURNING ${DELIVERY_COLUMNS}`;

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

  /** Returns how many were buried. */
  async sweep(): Promise<number> {
    const { rows } = await this.pool.query<NumberedDelivery>(BURY, [this.parkedLimitHours]);
    if (rows.length === 0) return 0;
    this.log.error({ count: rows.length }, 'messages became dead letters: redrive or skip them');
    await this.producer?.send(
      DEAD_LETTER_TOPIC,
      rows.map((row) => notificationEvent(row, this.origin)),
    );
    return rows.length;
  }

  close(): void {
    clearInterval(this.timer);
  }
}
