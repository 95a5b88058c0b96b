import { type Message, Partitioners, type Producer } from 'kafkajs';
import { within } from '#messaging/backoff.js';
import type { NotificationEvent } from '#messaging/event.js';
import { toKafkaRecord } from '#messaging/kafka-binding.js';
import { kafkaClient, type KafkaConnection } from '#messaging/kafka-connection.js';
import { KafkaIdentity } from '#messaging/kafka-identity.js';
import type { NotificationProducer } from '#messaging/kafka-port.js';
import type { MessagingLog } from '#messaging/messaging-log.js';

/** After this a send counts as failed, whatever the client library still hopes for. */
const SEND_LIMIT_MS = 60_000;
const DISCONNECT_LIMIT_MS = 5_000;
const ALL_IN_SYNC_REPLICAS = -1;
/** Callers wait for their sends, so this many waiting means that somebody does not. */
const MAX_WAITING_SENDS = 1_000;
/** One request stays well below the broker's default limit of 1 MB. */
const MAX_EVENTS_A_BATCH = 1_000;

interface WaitingSend {
  readonly topic: string;
  readonly events: readonly NotificationEvent[];
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * kafkajs behind the producer port. One batch is in flight at a time; sends that wait for the same topic meanwhile go
 * together in the next. A batch is of one topic only, so that a missing topic fails its own recipient and nobody else.
 */
export class KafkajsProducer implements NotificationProducer {
  private waiting: WaitingSend[] = [];
  private current: Promise<Producer> | null = null;
  private sending: Promise<void> | null = null;
  private closed = false;
  private readonly identity: KafkaIdentity;
  /** Its certificate has been replaced: the next batch goes out with a new one. */
  private outdated = false;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly log: MessagingLog,
    private readonly sendLimitMs = SEND_LIMIT_MS,
  ) {
    this.identity = new KafkaIdentity(connection, () => this.outdate(), log);
  }

  /** @throws when closed, when too many sends wait, or when the brokers did not confirm the events */
  send(topic: string, events: readonly NotificationEvent[]): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    if (this.closed) return Promise.reject(new Error('the producer is closed'));
    if (this.waiting.length >= MAX_WAITING_SENDS) return Promise.reject(new Error('too many sends are waiting'));
    const sent = new Promise<void>((resolve, reject) => this.waiting.push({ topic, events, resolve, reject }));
    this.sending ??= this.sendWaiting();
    return sent;
  }

  /** Sends what waits, then disconnects. */
  async close(): Promise<void> {
    this.closed = true;
    await this.sending;
    this.identity.close();
    await this.dropProducer();
  }

  private async sendWaiting(): Promise<void> {
    // Callers of this turn of the event loop join the first batch.
    await Promise.resolve();
    for (let batch = this.takeBatch(); batch.length > 0; batch = this.takeBatch()) {
      try {
        await within(this.sendBatch(batch), this.sendLimitMs, 'sending to Kafka');
        for (const send of batch) send.resolve();
      } catch (error) {
        // Its idempotence state is in doubt now, and a late answer must not be taken for the next batch's.
        await this.dropProducer();
        for (const send of batch) send.reject(error);
      }
    }
    // In the same turn as the last look at the queue, or a send in between would wait forever.
    this.sending = null;
  }

  /** The oldest waiting send and those after it that fit with it. */
  private takeBatch(): WaitingSend[] {
    const topic = this.waiting[0]?.topic;
    const taken: WaitingSend[] = [];
    const left: WaitingSend[] = [];
    let events = 0;
    for (const send of this.waiting) {
      if (send.topic !== topic || (taken.length > 0 && events + send.events.length > MAX_EVENTS_A_BATCH)) {
        left.push(send);
        continue;
      }
      taken.push(send);
      events += send.events.length;
    }
    this.waiting = left;
    return taken;
  }

  private async sendBatch(batch: readonly WaitingSend[]): Promise<void> {
    const producer = await this.connectedProducer();
    const messages: Message[] = batch.flatMap((send) => send.events).map(asMessage);
    const topic = batch[0]?.topic ?? '';
    const acks = ALL_IN_SYNC_REPLICAS;
    await producer.sendBatch({ acks, topicMessages: [{ topic, messages }] });
  }

  private outdate(): void {
    this.outdated = true;
    this.log.info({}, 'sending to Kafka goes on with a new certificate');
  }

  /** Between two batches, so nothing is in flight when one certificate gives way to the next. */
  private async connectedProducer(): Promise<Producer> {
    if (this.outdated) await this.dropProducer();
    this.current ??= this.connect();
    return this.current;
  }

  private async connect(): Promise<Producer> {
    this.outdated = false;
    const kafka = kafkaClient(this.connection, await this.identity.tls(), this.log);
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    try {
      await producer.connect();
    } catch (error) {
      // It may have been refused by a broker that it had reached: each attempt would leave its connection there.
      await within(producer.disconnect(), DISCONNECT_LIMIT_MS, 'disconnecting').catch(() => undefined);
      throw error;
    }
    return producer;
  }

  private async dropProducer(): Promise<void> {
    const dropped = this.current;
    this.current = null;
    if (dropped === null) return;
    const disconnected = dropped.then((producer) => producer.disconnect());
    await within(disconnected, DISCONNECT_LIMIT_MS, 'disconnecting').catch(() => undefined);
  }
}

function asMessage(event: NotificationEvent): Message {
  const { key, value, headers } = toKafkaRecord(event);
  return { key, value, headers: headers };
}
