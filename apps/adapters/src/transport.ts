import type { Logger } from 'pino';
import type { InboxClient } from '#messaging/inbox-port.js';
import { InboxServer } from '#messaging/inbox-server.js';
import { KafkaServer } from '#messaging/kafka-server.js';
import { KafkajsConsumer } from '#messaging/kafkajs-consumer.js';
import type { NotificationServerOptions } from '#messaging/notification-server.js';
import { adapterGroup, notificationsTopic } from '#messaging/topics.js';
import type { AdapterConfig } from './config/config.js';
import type { AdapterState } from './delivery/adapter-state.js';
import type { DeliveryPipeline } from './delivery/delivery-pipeline.js';

export type TransportServer = InboxServer | KafkaServer;

/** The way in that this agency chose; both end in the same handlers. */
export function createTransport(
  config: AdapterConfig,
  inbox: InboxClient,
  state: AdapterState,
  pipeline: DeliveryPipeline,
  log: Logger,
): TransportServer {
  const common: NotificationServerOptions = {
    log,
    onPoison: ({ event }, { code }) => pipeline.giveUp(event, code),
  };
  if (config.transport.kind === 'inbox') {
    const cursor = {
      load: () => Promise.resolve(state.cursor),
      save: (sequence: number) => state.saveCursor(sequence),
    };
    return new InboxServer({
      ...common,
      inbox,
      cursor,
      onTombstone: (item) => pipeline.handle({ event: item.event, item }),
    });
  }
  const { brokers, ...own } = config.transport;
  const { certFile, keyFile, caFile } = { ...config.gateway, ...own };
  const consumer = new KafkajsConsumer({
    connection: { brokers, certFile, keyFile, caFile, clientId: `ketenpoort-adapter-${config.name}` },
    topic: notificationsTopic(config.oin),
    groupId: adapterGroup(config.oin),
    log,
  });
  return new KafkaServer({ ...common, inbox, consumer });
}
