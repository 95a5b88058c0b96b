import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { backoffMs, pauseFor, within } from '#messaging/backoff.js';
import type { NotificationEvent } from '#messaging/event.js';
import { fromKafkaRecord } from '#messaging/kafka-binding.js';
import { kafkaClient, type KafkaConnection } from '#messaging/kafka-connection.js';
import { KafkaIdentity } from '#messaging/kafka-identity.js';
import { MAX_OFFERED, type NotificationConsumer, type SettleHandler } from '#messaging/kafka-port.js';
import type { MessagingLog } from '#messaging/messaging-log.js';
import { PARTITIONS_PER_TOPIC } from '#messaging/topics.js';

/** A killed adapter's partitions are free again after this. */
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 2_500;
/** How long a running batch may hold up a rebalance. */
const REBALANCE_TIMEOUT_MS = 60_000;
/** Bounds how late a paused partition wakes and how late a heartbeat is when there is nothing to read. */
const MAX_FETCH_WAIT_MS = 1_000;
const MAX_FETCH_BYTES = 4 * 1024 * 1024;
/** What is settled and not committed yet comes again after a crash; a commit for each partition and time costs much. */
const COMMIT_EVERY_MS = 250;
const DISCONNECT_LIMIT_MS = 30_000;
const RESTART_CAP_MS = 10_000;
const RENEWED = 'the certificate was replaced';

export interface ConsumerOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly groupId: string;
  readonly log: MessagingLog;
}

interface Chunk {
  readonly messages: readonly KafkaMessage[];
  /** The readable ones among them, with their place in `messages`. */
  readonly events: readonly { readonly place: number; readonly event: NotificationEvent }[];
}

/**
 * kafkajs behind the consumer port: own offset commits, from the beginning when the group is new, and a loop around
 * it that starts over with a new client after any crash, since its own restart gives up on what it holds for fatal.
 */
export class KafkajsConsumer implements NotificationConsumer {
  private readonly closing = new AbortController();
  private loop: Promise<void> | null = null;
  private connected = false;
  private committing: Promise<void> | null = null;
  private readonly identity: KafkaIdentity;
  /** Ends the running client and nothing else. */
  private renew = (): void => undefined;

  constructor(private readonly options: ConsumerOptions) {
    this.identity = new KafkaIdentity(options.connection, () => this.renew(), options.log);
  }

  start(handler: SettleHandler): void {
    if (this.loop !== null) throw new Error('the consumer has been started already');
    this.loop = this.runUntilClosed(handler);
  }

  isConnected(): boolean {
    return this.connected;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.identity.close();
    await this.loop;
  }

  private async runUntilClosed(handler: SettleHandler): Promise<void> {
    const { log, topic } = this.options;
    for (let failures = 0; !this.closing.signal.aborted;) {
      const startedAt = Date.now();
      const reason = await this.runOnce(handler);
      this.connected = false;
      if (this.closing.signal.aborted) return;
      if (reason === RENEWED) {
        log.info({ topic }, 'consuming from Kafka starts again with a new certificate');
        continue;
      }
      failures = Date.now() - startedAt > REBALANCE_TIMEOUT_MS ? 1 : failures + 1;
      const waitMs = backoffMs(failures, 500, RESTART_CAP_MS);
      log.warn({ topic, reason, failures, waitMs }, 'consuming from Kafka stopped; starting again');
      await pauseFor(waitMs, this.closing.signal);
    }
  }

  /** Consumes with one client until it crashes or we close. Returns why it ended; never throws. */
  private async runOnce(handler: SettleHandler): Promise<string> {
    let consumer: Consumer | undefined;
    try {
      const client = await this.createConsumer();
      consumer = client;
      const ended = this.endOf(client);
      await client.connect();
      await client.subscribe({ topics: [this.options.topic], fromBeginning: true });
      await client.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // All of a topic: nothing more is fetched before each has settled what it got.
        partitionsConsumedConcurrently: PARTITIONS_PER_TOPIC,
        eachBatch: (payload) => this.takeBatch(payload, handler),
      });
      return await ended;
    } catch (error) {
      return describe(error);
    } finally {
      if (consumer !== undefined) await this.disconnect(consumer);
    }
  }

  private async createConsumer(): Promise<Consumer> {
    const { connection, groupId, log } = this.options;
    const kafka = kafkaClient(connection, await this.identity.tls(), log);
    return kafka.consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: MAX_FETCH_WAIT_MS,
      maxBytes: MAX_FETCH_BYTES,
      allowAutoTopicCreation: false,
      retry: { retries: 3, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  private endOf(consumer: Consumer): Promise<string> {
    const { GROUP_JOIN, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, () => {
      this.connected = true;
    });
    return new Promise((resolve) => {
      consumer.on(CRASH, (crash) => resolve(describe(crash.payload.error)));
      this.closing.signal.addEventListener('abort', () => resolve('closing'), { once: true });
      this.renew = () => resolve(RENEWED);
    });
  }

  private async disconnect(consumer: Consumer): Promise<void> {
    try {
      await within(
        Promise.resolve(this.committing).then(() => consumer.disconnect()),
        DISCONNECT_LIMIT_MS,
        'leaving the consumer group',
      );
    } catch (error) {
      this.options.log.warn({ reason: describe(error) }, 'the Kafka consumer did not close cleanly');
    }
  }

  /**
   * Offers the batch in pieces. What is not settled stays unresolved, so kafkajs fetches it again; the partition pauses
   * for as long as the handler asks.
   */
  private async takeBatch(payload: EachBatchPayload, handler: SettleHandler): Promise<void> {
    const { batch } = payload;
    const { partition } = batch;
    const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      for (let from = 0; from < batch.messages.length; from += MAX_OFFERED) {
        if (!payload.isRunning() || payload.isStale() || this.closing.signal.aborted) return;
        const chunk = this.read(batch.messages.slice(from, from + MAX_OFFERED), partition);
        const outcome = await handler(chunk.events.map(({ event }) => event));
        const settled = chunk.events[outcome.settled]?.place ?? chunk.messages.length;
        const last = chunk.messages[settled - 1];
        if (last !== undefined) {
          payload.resolveOffset(last.offset);
          this.committing ??= this.commitSoon(payload);
        }
        if (settled === chunk.messages.length) continue;
        const resume = payload.pause();
        void pauseFor(outcome.retryAfterMs, this.closing.signal).then(resume);
        return;
      }
    } finally {
      clearInterval(beat);
      // Once the batches of a client that ends are done it leaves the group, and nothing can be committed any more.
      if (this.closing.signal.aborted || !payload.isRunning()) await this.committing;
    }
  }

  /** Commits what all partitions have settled by then. Never rejects: after a failure the next to settle begins again. */
  private async commitSoon(payload: EachBatchPayload): Promise<void> {
    try {
      do {
        await pauseFor(COMMIT_EVERY_MS, this.closing.signal);
        await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
      } while (payload.uncommittedOffsets().topics.length > 0);
    } catch (error) {
      this.options.log.info({ reason: describe(error) }, 'offsets were not committed; the next commit holds them too');
    } finally {
      this.committing = null;
    }
  }

  /**
   * A record that cannot be read has no id to park. Only the gateway may write here, so it wakes someone; the event it
   * should have been is found missing by the comparison with the inbox.
   */
  private read(messages: readonly KafkaMessage[], partition: number): Chunk {
    const events = messages.flatMap((message, place) => {
      try {
        return [{ place, event: fromKafkaRecord(message) }];
      } catch (error) {
        const { topic, log } = this.options;
        log.error({ topic, partition, offset: message.offset, reason: describe(error) }, 'unreadable record skipped');
        return [];
      }
    });
    return { messages, events };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
}
