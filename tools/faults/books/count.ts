import { type AcceptedMessage, type Arrival, type ClaimedRecord, keyOf, NOTIFICATION } from './books.js';

/** A delivery as the gateway's own tables have it, in the order in which the case lock was held. */
export interface DeliveryRow {
  readonly source: string;
  readonly id: string;
  readonly contract: string;
  readonly messageId: string;
  readonly caseId: string;
  /** Name in the roster. */
  readonly recipient: string;
  readonly insertOrder: number;
}

/** What stands in the gateway's tables when everything is over. */
export interface Stored {
  readonly deliveries: readonly DeliveryRow[];
  /** `<name of the reader> <message id>` of every permitted content read that was recorded. */
  readonly contentReads: ReadonlySet<string>;
  /** Entry digest (base64url) by record id. */
  readonly digests: ReadonlyMap<string, string>;
  /** Every stay, with the id of its notification. */
  readonly stays: readonly { readonly stayId: string; readonly notificationId: string }[];
}

/** A time in which an agency's adapter may have handed over something and not have heard that it was taken. */
export interface Excuse {
  readonly recipient: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Outside {
  readonly accepted: readonly AcceptedMessage[];
  readonly arrivals: readonly Arrival[];
  readonly claimed: readonly ClaimedRecord[];
  readonly excuses: readonly Excuse[];
}

/** One line for each fault found; what must be empty at the end of a run. */
export interface Counts {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly outOfOrder: readonly string[];
  readonly recordsMissing: readonly string[];
  readonly staysUntold: readonly string[];
}

/** What an adapter handed over so long before it died may still be without an answer: its limit, and some for the rest. */
const UNANSWERED_MS = 20_000;

/** Compares what the organisations have in their books with each other, and with what the gateway says it did. */
export function count(outside: Outside, stored: Stored): Counts {
  return {
    lost: lost(outside, stored),
    doubled: doubled(outside),
    outOfOrder: [...outOfLane(outside), ...outOfInsertOrder(outside, stored)],
    recordsMissing: recordsMissing(outside, stored),
    staysUntold: staysUntold(outside, stored),
  };
}

/** Accepted, or made by the gateway itself, and never taken by the system of someone who must have it. */
function lost({ accepted, arrivals }: Outside, { deliveries }: Stored): readonly string[] {
  const arrived = new Set(arrivals.map(placeOf));
  const expected = new Map<string, string>();
  for (const { recipient, ...row } of deliveries)
    expected.set(`${recipient} ${keyOf(row)}`, `${row.contract} to ${recipient}, message ${row.messageId}`);
  for (const { recipients, ...message } of accepted)
    for (const recipient of recipients)
      expected.set(`${recipient} ${keyOf(message)}`, `${message.type} to ${recipient}, message ${message.messageId}`);
  return [...expected].flatMap(([key, what]) => (arrived.has(key) ? [] : [what]));
}

/**
 * Two messages for one (source, id); one stay told twice under two names; or a repeat that no crash explains: an agency's
 * system removes repeats, but it is asked to do so for the moments when an adapter dies, not in general.
 */
function doubled({ accepted, arrivals, excuses }: Outside): readonly string[] {
  const found: string[] = [];
  const messages = new Map<string, string>();
  for (const message of accepted) {
    const first = messages.get(keyOf(message)) ?? message.messageId;
    messages.set(keyOf(message), first);
    if (first !== message.messageId) found.push(`${keyOf(message)} is ${first} and ${message.messageId}`);
  }
  const lastAt = new Map<string, number>();
  const told = new Map<string, string>();
  for (const arrival of arrivals) {
    const place = placeOf(arrival);
    const before = lastAt.get(place);
    lastAt.set(place, arrival.atMs);
    if (before !== undefined && !isExcused(arrival, before, excuses)) found.push(`${arrival.type} again: ${place}`);
    if (arrival.type !== NOTIFICATION || arrival.stayId === undefined) continue;
    const first = told.get(arrival.stayId) ?? arrival.id;
    told.set(arrival.stayId, first);
    if (first !== arrival.id) found.push(`stay ${arrival.stayId} is told in ${first} and ${arrival.id}`);
  }
  return found;
}

function isExcused({ recipient, atMs }: Arrival, beforeMs: number, excuses: readonly Excuse[]): boolean {
  return excuses.some(
    (one) =>
      one.recipient === recipient &&
      one.fromMs <= atMs &&
      one.fromMs - UNANSWERED_MS <= beforeMs &&
      beforeMs <= one.toMs,
  );
}

/** What one system sent about one case must come to each recipient in that order. */
function outOfLane({ accepted, arrivals }: Outside): readonly string[] {
  const sent = new Map(accepted.map((message) => [keyOf(message), message]));
  const last = new Map<string, AcceptedMessage>();
  return firstArrivals(arrivals).flatMap((arrival) => {
    const message = sent.get(keyOf(arrival));
    if (!message) return [];
    const way = `${arrival.recipient} ${message.lane}`;
    const before = last.get(way);
    if (!before || before.turn < message.turn) last.set(way, message);
    return before && before.turn > message.turn
      ? [`${arrival.recipient} got ${message.type} (turn ${message.turn}) after turn ${before.turn} of ${message.lane}`]
      : [];
  });
}

/** Between systems only the case lock knows the order: that in which the deliveries were made. */
function outOfInsertOrder({ arrivals }: Outside, { deliveries }: Stored): readonly string[] {
  const rows = new Map(deliveries.map((row) => [`${row.recipient} ${keyOf(row)}`, row]));
  const last = new Map<string, DeliveryRow>();
  return firstArrivals(arrivals).flatMap((arrival) => {
    const row = rows.get(placeOf(arrival));
    if (!row) return [`${arrival.type} came to ${arrival.recipient}, and the gateway knows of no delivery`];
    const way = `${row.recipient} ${row.caseId}`;
    const before = last.get(way);
    if (!before || before.insertOrder < row.insertOrder) last.set(way, row);
    return before && before.insertOrder > row.insertOrder
      ? [`${row.recipient} got ${row.contract} ${row.messageId} after the later ${before.contract} ${before.messageId}`]
      : [];
  });
}

/** Each content that someone has was released by a recorded read; each record that was promised is there as promised. */
function recordsMissing(
  { arrivals, claimed }: Outside,
  { deliveries, contentReads, digests }: Stored,
): readonly string[] {
  const ids = new Map(deliveries.map((row) => [keyOf(row), row.messageId]));
  const unread = firstArrivals(arrivals).flatMap((arrival) => {
    const read = `${arrival.recipient} ${ids.get(keyOf(arrival))}`;
    return contentReads.has(read) ? [] : [`${arrival.type} was released without a record: ${read}`];
  });
  const unkept = claimed.flatMap(({ recordId, digest, of }) => {
    const kept = digests.get(recordId);
    if (kept === digest) return [];
    return [`the record ${recordId} of a ${of} ${kept === undefined ? 'does not exist' : 'has another digest'}`];
  });
  return [...unread, ...unkept];
}

/** G4: what the municipality began, and what the gateway has as a stay, DT&V's system must have been told of. */
function staysUntold({ accepted, arrivals }: Outside, { stays }: Stored): readonly string[] {
  const toDtv = arrivals.filter(({ recipient, type }) => recipient === 'dtv' && type === NOTIFICATION);
  const told = new Set(toDtv.map(({ stayId }) => stayId));
  const begun = accepted.flatMap(({ stayId }) => (stayId === undefined ? [] : [stayId]));
  const all = new Set([...begun, ...stays.map(({ stayId }) => stayId)]);
  return [...all].filter((stayId) => !told.has(stayId)).map((stayId) => `stay ${stayId}`);
}

const placeOf = (arrival: Arrival): string => `${arrival.recipient} ${keyOf(arrival)}`;

function firstArrivals(arrivals: readonly Arrival[]): readonly Arrival[] {
  const seen = new Set<string>();
  return arrivals.filter((arrival) => {
    const place = placeOf(arrival);
    return seen.has(place) ? false : Boolean(seen.add(place));
  });
}
