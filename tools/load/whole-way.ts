import { setTimeout } from 'node:timers/promises';
import { type InboxPage, messageIdOf, type NotificationEvent } from '#messaging/event.js';
import { KafkajsConsumer } from '#messaging/kafkajs-consumer.js';
import { isDeliverable } from '#messaging/inbox-port.js';
import type { KafkaConnection } from '#messaging/kafka-connection.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { ACKNOWLEDGED_AT_ONCE, GATHER_MS } from '../../apps/adapters/src/delivery/ack-queue.js';
import { AgencyClient, type AgencyTls, bodyOf } from './agency-client.js';
import type { Shooter } from './shots.js';

/** An organisation that takes its notifications, fetches each content and acknowledges in batches. */
export interface Receiver {
  readonly url: string;
  readonly tls: AgencyTls;
  /** What it takes (the `type` of a notification), and why it reads it; whatever else comes stays where it is. */
  readonly type: string;
  readonly purpose: string;
  /** Null: it follows its inbox. */
  readonly kafka: { readonly connection: KafkaConnection; readonly topic: string; readonly groupId: string } | null;
}

const PAGE_LIMIT = 100;
const WAIT_SECONDS = 10;
/** Contents that one receiver fetches at once. */
const FETCHES_AT_ONCE = 16;
const JOIN_LIMIT_MS = 60_000;
const JOIN_POLL_MS = 100;

/**
 * Receivers as adapters are, less the agency behind them: what is acknowledged counts as taken. A shot is answered when
 * its message is, so that the loop's latency is that of the whole way.
 */
export class WholeWay {
  private readonly waiting = new Map<string, () => void>();
  /** Taken before the sender had its own answer. */
  private readonly early = new Set<string>();

  constructor(private readonly receivers: readonly Receiver[]) {}

  /** Resolves when every receiver listens. They go on until the process ends. */
  async start(): Promise<void> {
    await Promise.all(
      this.receivers.map(async (receiver) => {
        const client = new AgencyClient({ ...receiver, connections: FETCHES_AT_ONCE + 2 });
        const taking = new Taking(receiver, client, (id) => this.settle(id));
        if (receiver.kafka) await this.consume(receiver.kafka, taking);
        else void this.follow(client, taking);
      }),
    );
  }

  /** Sends the gun's next message; true once its recipient has acknowledged it. */
  through(gun: Shooter): () => Promise<boolean> {
    return async () => {
      const body = await gun.fire();
      if (body === null) return false;
      const { messageId } = JSON.parse(body.toString('utf8')) as { messageId: string };
      if (this.early.delete(messageId)) return true;
      await new Promise<void>((resolve) => this.waiting.set(messageId, resolve));
      return true;
    };
  }

  private async follow(client: AgencyClient, taking: Taking): Promise<void> {
    for (let after = 0; ;) {
      const path = `/v1/inbox?after=${after}&limit=${PAGE_LIMIT}&waitSeconds=${WAIT_SECONDS}`;
      const answer = await client.call({ method: 'GET', path });
      const { items, next } = bodyOf<InboxPage>(answer, 200);
      // What was there before, and was taken then, only holds its number.
      await taking.take(items.filter(isDeliverable).map(({ event }) => event));
      after = next;
    }
  }

  private async consume(kafka: NonNullable<Receiver['kafka']>, taking: Taking): Promise<void> {
    const consumer = new KafkajsConsumer({ ...kafka, log: SILENT_LOG });
    consumer.start(async (events) => {
      await taking.take(events);
      return { settled: events.length, retryAfterMs: 0 };
    });
    for (const end = Date.now() + JOIN_LIMIT_MS; !consumer.isConnected();) {
      if (Date.now() > end) throw new Error('a receiver did not become a member of its group');
      await setTimeout(JOIN_POLL_MS);
    }
  }

  private settle(id: string): void {
    const resolve = this.waiting.get(id);
    if (resolve) resolve();
    else this.early.add(id);
    this.waiting.delete(id);
  }
}

/** Fetches what a receiver was told of, and acknowledges in batches, one call at a time, whichever way it was told. */
class Taking {
  private readonly taken: string[] = [];
  private acknowledging: Promise<void> | undefined;

  constructor(
    private readonly receiver: Receiver,
    private readonly client: AgencyClient,
    private readonly acknowledged: (messageId: string) => void,
  ) {}

  /** Resolves when all is fetched; acknowledging goes on beside it. */
  async take(events: readonly NotificationEvent[]): Promise<void> {
    const { type, purpose } = this.receiver;
    const ids = events.filter((event) => event.type === type).map(messageIdOf);
    let next = 0;
    const fetcher = async (): Promise<void> => {
      for (let id = ids[next++]; id !== undefined; id = ids[next++]) {
        const answer = await this.client.content(id, purpose);
        if (answer.status !== 200) bodyOf(answer, 200);
        this.taken.push(id);
        this.acknowledging ??= this.acknowledgeAll().finally(() => (this.acknowledging = undefined));
      }
    };
    await Promise.all(Array.from({ length: Math.min(FETCHES_AT_ONCE, ids.length) }, fetcher));
  }

  private async acknowledgeAll(): Promise<void> {
    while (this.taken.length > 0) {
      if (this.taken.length < ACKNOWLEDGED_AT_ONCE) await setTimeout(GATHER_MS);
      const batch = this.taken.splice(0, ACKNOWLEDGED_AT_ONCE);
      bodyOf(await this.client.taken(batch), 200);
      for (const id of batch) this.acknowledged(id);
    }
  }
}
