import { setTimeout } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { NotificationProducer } from '#messaging/kafka-port.js';
import { notificationsTopic } from '#messaging/topics.js';
import { published, relayFailures } from '../metrics/gateway-metrics.js';
import { hotQuery, hotQueryOf } from '../storage/transaction.js';
import { withKeys } from './delivery-keys.js';
import { BEHIND, MOVE_ON, TAKE_TURN, type PublishPosition } from './publish-position.js';
import { publishedNotification } from '../tracing/tracing.js';
import {
  DELIVERY_COLUMNS,
  notificationEvent,
  type NotificationOrigin,
  type NumberedDelivery,
} from './notification-event.js';

const SWEEP_MS = 1_000;
/** Per recipient and turn: a flood to one recipient waits for the others in between. */
const TURN_ROWS = 200;
const FAILURE_PAUSE_MS = 1_000;
/** Between two looks for recipients: every commit and every turn wakes the relay, and one look serves them all. */
const GAP_MS = 30;
/** Each holds a connection while the broker answers. */
const TURNS_AT_ONCE = 2;

const TURN = `SELECT ${DELIVERY_COLUMNS} FROM delivery d
  WHERE d.recipient_oin = $1 AND d.sequence > $2 AND d.sequence <= $3 AND d.published_at IS NULL
    AND d.state IN ('OUTSTANDING', 'FETCHED')
  ORDER BY d.sequence LIMIT ${TURN_ROWS}`;
const MARK = `UPDATE delivery d SET published_at = now()
  WHERE ${withKeys(5, 6)}`;
const PUBLISHED = `WITH marked AS (${MARK} RETURNING 1) ${MOVE_ON}`;

/**
 * Publishes numbered deliveries to the recipients' topics, a few recipients at once: one whose part of the broker hangs
 * holds up nobody else. The advisory lock only keeps two processes from doing the same work: order is made true at the
 * receiver, so a late or doubled publish is harmless. `published_at` is a note to ourselves, never proof of arrival.
 */
export class Relay {
  private stopped = false;
  /** Woken while it looks: what it has already looked past is looked at again at once. */
  private again = false;
  private woken: (() => void) | null = null;
  /** Recipients whose turn is under way. */
  private readonly turns = new Map<string, Promise<void>>();
  /** Recipients seen with work during a turn of theirs, which may have read before that work came. */
  private readonly passedOver = new Set<string>();
  private readonly loop: Promise<void>;

  constructor(
    private readonly pool: Pool,
    private readonly producer: NotificationProducer,
    private readonly origin: NotificationOrigin,
    private readonly log: Logger,
  ) {
    this.loop = this.run();
  }

  wake(): void {
    this.again = true;
    this.woken?.();
  }

  /** Finishes the turns under way, then closes the producer. */
  async close(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.loop;
    await Promise.all(this.turns.values());
    await this.producer.close();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.again = false;
      await this.round().catch((error: unknown) => this.failed(error));
      if (this.again) await setTimeout(GAP_MS);
      else await this.sleep(SWEEP_MS);
    }
  }

  /** Begins a turn for each recipient with work that has none yet. */
  private async round(): Promise<void> {
    const { rows } = await hotQueryOf<{ oin: string }>(this.pool, { name: 'relay-recipients', text: BEHIND });
    for (const { oin } of rows) {
      while (this.turns.size >= TURNS_AT_ONCE) await Promise.race(this.turns.values());
      if (this.stopped) return;
      if (this.turns.has(oin)) this.passedOver.add(oin);
      else this.turns.set(oin, this.begin(oin));
    }
  }

  /** A turn that published wakes the relay, since more may wait; one that failed lets its recipient rest for a moment. */
  private async begin(oin: string): Promise<void> {
    try {
      if ((await this.turn(oin)) > 0) this.wake();
    } catch (error) {
      this.failed(error);
      if (!this.stopped) await setTimeout(FAILURE_PAUSE_MS);
    } finally {
      this.turns.delete(oin);
      if (this.passedOver.delete(oin)) this.wake();
    }
  }

  private failed(error: unknown): void {
    relayFailures.add();
    this.log.warn({ name: (error as Error).name }, 'publishing failed; the rows stay and are sent again');
  }

  private async turn(oin: string): Promise<number> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      const { rows } = await client.query<PublishPosition & { ok: boolean }>(TAKE_TURN, [oin]);
      const [position] = rows;
      if (!position?.ok) return 0;
      const count = await this.publish(client, oin, position);
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 4))', [oin]);
      return count;
    } catch (error) {
      failure = error instanceof Error ? error : new Error('relay turn failed');
      throw failure;
    } finally {
      // After a failure the connection is given up, and with it the lock it may still hold.
      client.release(failure);
    }
  }

  private async publish(
    client: PoolClient,
    oin: string,
    { sequence, resends, last }: PublishPosition,
  ): Promise<number> {
    const values = [oin, sequence, last];
    const { rows } = await hotQuery<NumberedDelivery>(client, { name: 'relay-turn', text: TURN, values });
    const begunMs = performance.now();
    if (rows.length > 0) {
      await this.producer.send(
        notificationsTopic(oin),
        rows.map((row) => notificationEvent(row, this.origin)),
      );
    }
    // A full turn may have left some out; any other has seen all up to the last number.
    const reached = rows.length < TURN_ROWS ? last : (rows.at(-1)?.sequence ?? last);
    const moved = [oin, sequence, resends, reached, rows.map((row) => row.id), rows.map((row) => row.acceptedAt)];
    await hotQuery(client, { name: 'relay-published', text: PUBLISHED, values: moved });
    published.add(undefined, rows.length);
    for (const { traceparent } of rows) publishedNotification(traceparent, begunMs);
    return rows.length;
  }

  private sleep(ms: number): Promise<void> {
    const waking = new AbortController();
    this.woken = () => waking.abort();
    return setTimeout(ms, undefined, { signal: waking.signal }).catch(() => undefined);
  }
}
