/** Never changed: with another count the same case would land in another partition and lose its order. */
export const PARTITIONS_PER_TOPIC = 12;

/** What could not be delivered to anyone, for the operator; same information-poor events. */
export const DEAD_LETTER_TOPIC = 'ketenpoort.dead-letters';

export const NOTIFICATIONS_PREFIX = 'ketenpoort.notifications.';

const OIN = /^[0-9]{8}[0-9A-Za-z]{12}$/;

/** Topic that carries the notifications of one recipient. Throws on anything that is not an OIN. */
export function notificationsTopic(oin: string): string {
  return NOTIFICATIONS_PREFIX + checkedOin(oin);
}

/** The only consumer group that the recipient's certificate may join. */
export function adapterGroup(oin: string): string {
  return `ketenpoort-adapter-${checkedOin(oin)}`;
}

function checkedOin(oin: string): string {
  if (!OIN.test(oin)) throw new Error('not an OIN');
  return oin;
}
