import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '#messaging/kafka-connection.js';
import { type Grant, grantText, type HeldAcl, KafkajsAdmin } from '#messaging/kafkajs-admin.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { adapterGroup, DEAD_LETTER_TOPIC, NOTIFICATIONS_PREFIX, notificationsTopic } from '#messaging/topics.js';
import { oinOfPrincipal, peerPrincipal } from './principal.js';

export interface AdminAccess {
  readonly brokers: readonly string[];
  /** Certificate of a super user of the brokers, and their CA. */
  readonly adminTls: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
}

export interface ProvisionOptions extends AdminAccess {
  readonly gatewayOin: string;
  readonly peers: readonly { readonly oin: string; readonly active: boolean }[];
}

export interface ProvisionResult {
  readonly topicsCreated: readonly string[];
  readonly granted: readonly Grant[];
  readonly revoked: readonly HeldAcl[];
  /** ACLs of principals that are neither gateway nor given peers: left alone, for a person to judge. */
  readonly foreign: readonly HeldAcl[];
}

const IN_FORCE_LIMIT_MS = 15_000;
const IN_FORCE_POLL_MS = 50;

/** The gateway writes notifications and dead letters, and reads none back. WRITE includes what a producer asks. */
function gatewayGrants(oin: string): Grant[] {
  const base = { principal: peerPrincipal(oin), resource: 'TOPIC', operation: 'WRITE' } as const;
  return [
    { ...base, name: NOTIFICATIONS_PREFIX, prefixed: true },
    { ...base, name: DEAD_LETTER_TOPIC, prefixed: false },
  ];
}

/** An adapter reads its own topic in its own group; READ includes DESCRIBE. */
function adapterGrants(oin: string): Grant[] {
  const base = { principal: peerPrincipal(oin), operation: 'READ', prefixed: false } as const;
  return [
    { ...base, resource: 'TOPIC', name: notificationsTopic(oin) },
    { ...base, resource: 'GROUP', name: adapterGroup(oin) },
  ];
}

/**
 * Brings topics and ACLs to what gateway and peers need: creates what is missing, takes away what these principals hold
 * beyond it, and everything from inactive peers (Kafka knows no revocation list). Topics are never deleted. Doing it
 * again changes nothing. Throws when the brokers cannot be reached or a topic has another partition count.
 */
export async function provision(options: ProvisionOptions): Promise<ProvisionResult> {
  const active = options.peers.filter((peer) => peer.active).map((peer) => peer.oin);
  const known = new Set([options.gatewayOin, ...options.peers.map((peer) => peer.oin)].map(peerPrincipal));
  const wanted = [...gatewayGrants(options.gatewayOin), ...active.flatMap(adapterGrants)];
  const wantedTexts = new Set(wanted.map(grantText));
  return withAdmin(options, async (admin) => {
    const topicsCreated = await admin.ensureTopics([DEAD_LETTER_TOPIC, ...active.map(notificationsTopic)]);
    const held = await admin.held();
    const heldTexts = new Set(held.map(({ text }) => text));
    const granted = wanted.filter((grant) => !heldTexts.has(grantText(grant)));
    const surplus = held.filter(({ text }) => !wantedTexts.has(text));
    const revoked = surplus.filter(({ principal }) => known.has(principal));
    // Taking away first: a failure in between then leaves too little, which shows, and not too much.
    await admin.revoke(revoked);
    await admin.grant(granted);
    await untilInForce(async () => {
      const texts = new Set((await admin.held()).map(({ text }) => text));
      return granted.every((grant) => texts.has(grantText(grant))) && !revoked.some(({ text }) => texts.has(text));
    });
    return { topicsCreated, granted, revoked, foreign: surplus.filter(({ principal }) => !known.has(principal)) };
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
