import type { PrincipalSettings } from './principal.js';

/**
 * Another listener, whose clients are told to come back by another port: that of a proxy or a balancer in front of it.
 */
export interface Door {
  /** Capitals, as Kafka names listeners. */
  readonly name: string;
  readonly port: number;
  readonly advertisedPort: number;
}

export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly dataDir: string;
  /** PEM with the broker's key and certificate. */
  readonly keystoreFile: string;
  readonly caFile: string;
  readonly principals: PrincipalSettings;
  readonly doors?: readonly Door[];
}

/**
 * Settings of one combined broker and controller (KRaft) for demo and tests. Mutual TLS on both listeners, nothing
 * allowed without an ACL, no topics by accident. One node, so every replication factor is 1.
 */
export function serverProperties(settings: ServerSettings): string {
  const { host, port, controllerPort, principals, doors = [] } = settings;
  const listener = (name: string, at: number): string => `${name}://${host}:${at}`;
  const values: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    // A static quorum: its address lies in this file and not in the data, so the port may change between starts.
    'controller.quorum.voters': `1@${host}:${controllerPort}`,
    listeners: [
      listener('CLIENT', port),
      listener('CONTROLLER', controllerPort),
      ...doors.map((door) => listener(door.name, door.port)),
    ].join(','),
    'advertised.listeners': [
      listener('CLIENT', port),
      ...doors.map((door) => listener(door.name, door.advertisedPort)),
    ].join(','),
    'listener.security.protocol.map': ['CLIENT', 'CONTROLLER', ...doors.map(({ name }) => name)]
      .map((name) => `${name}:SSL`)
      .join(','),
    'inter.broker.listener.name': 'CLIENT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': settings.dataDir,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': settings.keystoreFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': settings.caFile,
    'ssl.client.auth': 'required',
    'ssl.enabled.protocols': 'TLSv1.3,TLSv1.2',
    'ssl.principal.mapping.rules': principals.mappingRules,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': false,
    'super.users': principals.superUsers,
    'auto.create.topics.enable': false,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    // The default of 50 costs a second at the first consumer, and nobody here has 50 groups on it.
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // Waiting for more members before the first rebalance is for fleets.
    'group.initial.rebalance.delay.ms': 0,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}`);
  return `${lines.join('\n')}\n`;
}

/** Warnings and errors, and the one line that says the server is up. */
export const LOG4J_PROPERTIES = `status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601_OFFSET_DATE_TIME_HHCMM} %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
logger.start.name=kafka.server.KafkaRaftServer
logger.start.level=info
`;
