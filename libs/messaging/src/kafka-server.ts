import type { InboxClient } from '#messaging/inbox-port.js';
import type { NotificationConsumer } from '#messaging/kafka-port.js';
import { NotificationServer, type NotificationServerOptions } from '#messaging/notification-server.js';
import { OutstandingSweep } from '#messaging/outstanding-sweep.js';

export interface KafkaServerOptions extends NotificationServerOptions {
  readonly consumer: NotificationConsumer;
  /** The slow road beside it: read at start and every minute for what Kafka did not bring. */
  readonly inbox: InboxClient;
}

export const KAFKA_TRANSPORT = Symbol('ketenpoort.kafka');

/** Transport strategy that consumes the recipient's own topic. */
export class KafkaServer extends NotificationServer {
  private readonly sweep: OutstandingSweep;
  private starting: Promise<void> | null = null;

  constructor(private readonly kafka: KafkaServerOptions) {
    super(KAFKA_TRANSPORT, kafka);
    const { inbox: client, log } = kafka;
    this.sweep = new OutstandingSweep({
      client,
      log,
      settle: (items) =>
        this.settle(
          'inbox',
          items.map((item) => ({ item, event: item.event })),
        ),
    });
  }

  /** Calls back at once: neither gateway nor brokers have to be up for the adapter to start. */
  override listen(callback: () => void): void {
    this.starting = this.sweep.start().then(() => {
      if (this.closing.signal.aborted) return;
      this.kafka.consumer.start((events) =>
        this.settle(
          'kafka',
          events.map((event) => ({ event })),
        ),
      );
    });
    callback();
  }

  /** True while the consumer is a member of its group. */
  isConnected(): boolean {
    return this.kafka.consumer.isConnected();
  }

  override async close(): Promise<void> {
    this.closing.abort();
    await this.sweep.stop();
    await this.starting;
    await this.kafka.consumer.close();
    await this.drain();
  }
}
