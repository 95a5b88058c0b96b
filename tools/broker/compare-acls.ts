import { type Grant, grantText, type HeldAcl } from '#messaging/kafkajs-admin.js';
import { adapterGroup, DEAD_LETTER_TOPIC, NOTIFICATIONS_PREFIX, notificationsTopic } from '#messaging/topics.js';
import { peerPrincipal } from './principal.js';

export interface Peers {
  readonly gatewayOin: string;
  readonly peers: readonly { readonly oin: string; readonly active: boolean }[];
}

/** How what the brokers hold differs from what gateway and peers need. */
export interface AclDifference {
  readonly missing: readonly Grant[];
  /** Held by gateway or peers beyond it. */
  readonly surplus: readonly HeldAcl[];
  /** Of principals that are neither: for a person to judge. */
  readonly foreign: readonly HeldAcl[];
}

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

export function compareAcls({ gatewayOin, peers }: Peers, held: readonly HeldAcl[]): AclDifference {
  const active = peers.filter((peer) => peer.active).map((peer) => peer.oin);
  const wanted = [...gatewayGrants(gatewayOin), ...active.flatMap(adapterGrants)];
  const known = new Set([gatewayOin, ...peers.map((peer) => peer.oin)].map(peerPrincipal));
  const wantedTexts = new Set(wanted.map(grantText));
  const heldTexts = new Set(held.map(({ text }) => text));
  const others = held.filter(({ text }) => !wantedTexts.has(text));
  return {
    missing: wanted.filter((grant) => !heldTexts.has(grantText(grant))),
    surplus: others.filter(({ principal }) => known.has(principal)),
    foreign: others.filter(({ principal }) => !known.has(principal)),
  };
}

/** Whether an ACL lets somebody at a topic of ours: by its name, by a prefix of it or below it, or by all names. */
export function opensOurTopics({ allows, resource, name, prefixed }: HeldAcl): boolean {
  if (!allows || resource !== 'TOPIC') return false;
  if (name === '*' || name === DEAD_LETTER_TOPIC || name.startsWith(NOTIFICATIONS_PREFIX)) return true;
  return prefixed && [DEAD_LETTER_TOPIC, NOTIFICATIONS_PREFIX].some((ours) => ours.startsWith(name));
}
