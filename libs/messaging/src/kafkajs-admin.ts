import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { type KafkaConnection, openKafka } from '#messaging/kafka-connection.js';
import type { MessagingLog } from '#messaging/messaging-log.js';
import { PARTITIONS_PER_TOPIC } from '#messaging/topics.js';

// Node cannot see these among the named exports of a CommonJS module.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

export type GrantOperation = 'READ' | 'WRITE';
export type GrantResource = 'TOPIC' | 'GROUP';

/** One permission of one principal. Kafka lets READ and WRITE include DESCRIBE. */
export interface Grant {
  /** `User:<name>`. */
  readonly principal: string;
  readonly resource: GrantResource;
  readonly name: string;
  readonly prefixed: boolean;
  readonly operation: GrantOperation;
}

/** An ACL that the brokers hold, whoever made it. */
export interface HeldAcl {
  readonly principal: string;
  /** All of it in one line, equal to `grantText` of the grant that it came from. */
  readonly text: string;
  /** False: it denies. */
  readonly allows: boolean;
  /** `TOPIC`, `GROUP`, `CLUSTER` …, as Kafka names them. */
  readonly resource: string;
  readonly name: string;
  readonly prefixed: boolean;
  readonly entry: AclEntry;
}

const LEADERS_LIMIT_MS = 30_000;
const LEADERS_POLL_MS = 100;

/** The few administrative calls that provisioning needs. Close it after use. */
export class KafkajsAdmin {
  private constructor(private readonly admin: Admin) {}

  /** Rejects when no broker answers or the certificate is refused. */
  static async connect(connection: KafkaConnection, log: MessagingLog): Promise<KafkajsAdmin> {
    const admin = (await openKafka(connection, log)).admin();
    await admin.connect();
    return new KafkajsAdmin(admin);
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }

  /** Topics that this principal may see. */
  topics(): Promise<string[]> {
    return this.admin.listTopics();
  }

  /** Number of partitions by topic. Rejects when one of them is not there, or this principal may not see it. */
  async partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { topics: described } = await this.admin.fetchTopicMetadata({ topics: [...topics] });
    return new Map(described.map(({ name, partitions }) => [name, partitions.length]));
  }

  /** Number of live brokers. */
  async brokers(): Promise<number> {
    return (await this.admin.describeCluster()).brokers.length;
  }

  /**
   * Creates what is missing and returns those names. Throws when an existing topic has another partition count,
   * because order per case would be lost.
   */
  async ensureTopics(topics: readonly string[]): Promise<string[]> {
    const existing = new Set(await this.admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic));
    const present = topics.filter((topic) => existing.has(topic));
    if (present.length > 0) {
      const odd = [...(await this.partitions(present))].find(([, count]) => count !== PARTITIONS_PER_TOPIC);
      if (odd) throw new Error(`topic ${odd[0]} has ${odd[1]} partitions, not ${PARTITIONS_PER_TOPIC}`);
    }
    if (missing.length > 0) {
      await this.admin.createTopics({
        // Its own waiting gives up when the broker's metadata does not hold the topic yet, a moment after it was made.
        waitForLeaders: false,
        timeout: LEADERS_LIMIT_MS,
        topics: missing.map((topic) => ({
          topic,
          numPartitions: PARTITIONS_PER_TOPIC,
          configEntries: [{ name: 'cleanup.policy', value: 'delete' }],
        })),
      });
      await this.untilLed(missing);
    }
    return missing;
  }

  /** Until each partition has a leader: before that a producer that was told "created" is refused. */
  private async untilLed(topics: readonly string[]): Promise<void> {
    for (const end = Date.now() + LEADERS_LIMIT_MS; ; await sleep(LEADERS_POLL_MS)) {
      try {
        const { topics: described } = await this.admin.fetchTopicMetadata({ topics: [...topics] });
        if (described.flatMap(({ partitions }) => partitions).every(({ leader }) => leader >= 0)) return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
      if (Date.now() > end) throw new Error('the new topics have no leaders');
    }
  }

  async grant(grants: readonly Grant[]): Promise<void> {
    if (grants.length > 0) await this.admin.createAcls({ acl: grants.map(asEntry) });
  }

  /** All ACLs, or those of one principal. */
  async held(principal?: string): Promise<HeldAcl[]> {
    const { resources } = await this.admin.describeAcls({
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
      ...(principal === undefined ? {} : { principal }),
    });
    return resources.flatMap(({ resourceType, resourceName, resourcePatternType, acls }) =>
      acls.map((acl) => {
        const entry = { ...acl, resourceType, resourceName, resourcePatternType };
        return {
          principal: acl.principal,
          text: textOf(entry),
          allows: acl.permissionType === AclPermissionTypes.ALLOW,
          resource: nameIn(AclResourceTypes, resourceType),
          name: resourceName,
          prefixed: resourcePatternType === ResourcePatternTypes.PREFIXED,
          entry,
        };
      }),
    );
  }

  async revoke(acls: readonly HeldAcl[]): Promise<void> {
    if (acls.length > 0) await this.admin.deleteAcls({ filters: acls.map(({ entry }) => entry) });
  }
}

function asEntry(grant: Grant): AclEntry {
  return {
    principal: grant.principal,
    host: '*',
    resourceType: AclResourceTypes[grant.resource],
    resourceName: grant.name,
    resourcePatternType: grant.prefixed ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
    operation: AclOperationTypes[grant.operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}

/** `<principal> ALLOW READ TOPIC <name> from *`; a name that ends in `*` is a prefix. */
export function grantText(grant: Grant): string {
  return textOf(asEntry(grant));
}

function textOf(entry: AclEntry): string {
  const permission = nameIn(AclPermissionTypes, entry.permissionType);
  const operation = nameIn(AclOperationTypes, entry.operation);
  const resource = nameIn(AclResourceTypes, entry.resourceType);
  const name = entry.resourceName + (entry.resourcePatternType === ResourcePatternTypes.PREFIXED ? '*' : '');
  return `${entry.principal} ${permission} ${operation} ${resource} ${name} from ${entry.host}`;
}

/** The types of kafkajs declare enums, but at run time they are plain objects without the way back. */
function nameIn(codes: object, code: number): string {
  return Object.entries(codes).find(([, value]) => value === code)?.[0] ?? 'UNKNOWN';
}
