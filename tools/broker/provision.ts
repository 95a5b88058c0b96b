import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '#messaging/kafka-connection.js';
import { type Grant, type HeldAcl, KafkajsAdmin } from '#messaging/kafkajs-admin.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { DEAD_LETTER_TOPIC, notificationsTopic } from '#messaging/topics.js';
import { compareAcls, type Peers } from './compare-acls.js';
import { oinOfPrincipal, peerPrincipal } from './principal.js';

export interface AdminAccess {
  readonly brokers: readonly string[];
  /** Certificate of a super user of the brokers, and their CA. */
  readonly adminTls: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
}

export type ProvisionOptions = AdminAccess & Peers;

export interface ProvisionResult {
  readonly topicsCreated: readonly string[];
  readonly granted: readonly Grant[];
  readonly revoked: readonly HeldAcl[];
  /** ACLs of principals that are neither gateway nor given peers: left alone, for a person to judge. */
  readonly foreign: readonly HeldAcl[];
}

const IN_FORCE_LIMIT_MS = 15_000;
const IN_FORCE_POLL_MS = 50;

/**
 * Brings topics and ACLs to what gateway and peers need: creates what is missing, takes away what these principals hold
 * beyond it, and everything from inactive peers (Kafka knows no revocation list). Topics are never deleted. Doing it
 * again changes nothing. Throws when the brokers cannot be reached or a topic has another partition count.
 */
export async function provision(options: ProvisionOptions): Promise<ProvisionResult> {
  const active = options.peers.filter((peer) => peer.active).map((peer) => peer.oin);
  return withAdmin(options, async (admin) => {
    const topicsCreated = await admin.ensureTopics([DEAD_LETTER_TOPIC, ...active.map(notificationsTopic)]);
    const { missing: granted, surplus: revoked, foreign } = compareAcls(options, await admin.held());
    // Taking away first: a failure in between then leaves too little, which shows, and not too much.
    await admin.revoke(revoked);
    await admin.grant(granted);
    await untilInForce(async () => {
      const { missing, surplus } = compareAcls(options, await admin.held());
      return missing.length === 0 && surplus.length === 0;
    });
    return { topicsCreated, granted, revoked, foreign };
  });
}

/**
 * Deletes all ACLs of one peer, in the same command that revokes or deactivates it. Returns what it held. Brokers ask
 * the ACLs at each request, so an open connection is cut off too.
 */
export async function deprovision(access: AdminAccess, oin: string): Promise<readonly HeldAcl[]> {
  return withAdmin(access, async (admin) => {
    const held = await admin.held(peerPrincipal(oin));
    await admin.revoke(held);
    await untilInForce(async () => (await admin.held(peerPrincipal(oin))).length === 0);
    return held;
  });
}

async function withAdmin<T>(access: AdminAccess, work: (admin: KafkajsAdmin) => Promise<T>): Promise<T> {
  const connection: KafkaConnection = { brokers: access.brokers, ...access.adminTls, clientId: 'ketenpoort-provision' };
  const admin = await KafkajsAdmin.connect(connection, SILENT_LOG);
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/** Brokers learn of a change from the controller a moment later; until then they answer by the old rules. */
async function untilInForce(inForce: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + IN_FORCE_LIMIT_MS; !(await inForce()); await sleep(IN_FORCE_POLL_MS)) {
    if (Date.now() > end) throw new Error('the brokers do not apply the changed ACLs');
  }
}

/** An ACL's text for a person: the OIN instead of its hex. */
export function readable(text: string): string {
  const principal = text.split(' ', 1)[0] ?? '';
  return (oinOfPrincipal(principal) ?? principal) + text.slice(principal.length);
}
