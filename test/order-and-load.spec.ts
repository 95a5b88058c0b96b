import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { InboxItem } from '#messaging/event.js';
import { correction, guidance, part, receipt, stayChanged } from './support/case-messages.js';
import { CaseSteps, type OpenCase } from './support/case-steps.js';
import { emptyTally, runAll, SpreadPeer, type Tally } from './support/load.js';
import { stayStarted, type Event } from './support/messages.js';
import { keyOf } from './support/recording-system.js';
import { peer, World } from './support/world.js';

jest.setTimeout(240_000);
const CASES = 50;
const GATEWAYS = 3;
const CLIENTS_AT_ONCE = 48;
const MUNICIPALITIES = ['ams', 'rot', 'utr', 'ehv', 'gro'];
const FOLLOWERS = ['dtv', 'ind', 'rot'];
/** One in so many messages is sent twice at the same time, to two gateways. */
const TWICE_EVERY = 10;

interface HotCase extends OpenCase {
  readonly partId: string;
  version: number;
  newestPart: string;
}

interface Sent {
  readonly message: Event;
  readonly hot: HotCase;
}

interface Delivery {
  readonly key: string;
  readonly contract: string;
  readonly recipient: string;
  readonly caseId: string;
  readonly caseSequence: number;
  readonly sequence: number;
}

let world: World;
const cases: HotCase[] = [];
/** What each client sent, one after the other, each after the answer to the one before. */
const clients: Sent[][] = [];
const setUp = { messages: 0 };

beforeAll(async () => {
  world = await World.open();
  await Promise.all(Array.from({ length: GATEWAYS }, () => world.startGateway()));
  const steps = new CaseSteps(world);
  const open = async (index: number): Promise<void> => {
    const opened = await steps.admitted(MUNICIPALITIES[index % MUNICIPALITIES.length]!);
    const partId = randomUUID();
    const { messageId } = await steps.part('ind', opened, partId);
    cases.push({ ...opened, partId, version: 1, newestPart: messageId });
  };
  await runAll(
    Array.from({ length: CASES }, (_, index) => () => open(index)),
    8,
  );
  steps.close();
  setUp.messages = (await accessRecords('message.accept')).byPeers;
});

afterAll(() => world?.close());

/** How many records of an action, those of the gateway's own messages apart. */
async function accessRecords(action: string): Promise<{ byPeers: number; byGateway: number }> {
  const [row] = await world.rows<{ byPeers: number; byGateway: number }>(
    `SELECT count(*) FILTER (WHERE r #>> '{peer,kind}' <> 'GATEWAY')::int AS "byPeers",
       count(*) FILTER (WHERE r #>> '{peer,kind}' = 'GATEWAY')::int AS "byGateway"
     FROM (SELECT convert_from(canonical, 'UTF8')::jsonb AS r FROM access_record) AS records WHERE r ->> 'action' = $1`,
    [action],
  );
  return row ?? { byPeers: 0, byGateway: 0 };
}

const deliveries = () =>
  world.rows<Delivery>(
    `SELECT m.source || E'\\n' || m.event_id AS key, m.contract, d.recipient_oin AS recipient, d.case_id AS "caseId",
       d.case_sequence AS "caseSequence", d.sequence::int FROM delivery d JOIN message m ON m.id = d.message_id ORDER BY d.sequence`,
  );

/** The three clients of a hot case: who sends what next. */
function actors(hot: HotCase): readonly { readonly from: string; readonly next: (turn: number) => Event }[] {
  let stayId = '';
  const { municipality, caseId } = hot;
  const stay = (turn: number): Event => {
    if (turn % 3 === 0) return stayStarted(municipality, caseId, 'SHELTER', (stayId = randomUUID()));
    return stayChanged(hot, stayId, turn % 3 === 1 ? 'KIND_CHANGED' : 'ENDED', 'GUIDANCE_ONLY');
  };
  const paper = (turn: number): Event =>
    turn % 2 === 0 ? guidance(hot, `ngo-${1 + (turn % 4) / 2}`) : receipt(municipality, caseId, hot.newestPart);
  const dossier = (turn: number): Event =>
    turn % 2 === 0
      ? part('ind', hot, hot.partId, (hot.version += 1))
      : correction('ind', caseId, hot.newestPart, turn % 4 === 1);
  return [
    { from: municipality, next: stay },
    { from: municipality, next: paper },
    { from: 'ind', next: dossier },
  ];
}

/** All clients of all cases send `turns` messages each, while receivers follow; `meanwhile` happens in the middle. */
async function runLoad(
  turns: number,
  meanwhile: () => Promise<void>,
): Promise<{ tally: Tally; seen: readonly (readonly InboxItem[])[] }> {
  const tally = emptyTally();
  const names = [...MUNICIPALITIES, ...FOLLOWERS];
  const peers = new Map(names.map((name) => [name, new SpreadPeer(world, name, tally)]));
  const send = async (from: string, message: Event, twice: boolean): Promise<string> => {
    const sender = peers.get(from)!;
    const receipts = await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => sender.accepted(message)));
    expect(new Set(receipts.map((one) => one.receipt)).size).toBe(1);
    tally.accepted -= receipts.length - 1;
    tally.replays += receipts.length - 1;
    return receipts[0]!.messageId;
  };
  let count = 0;
  let done = false;
  const halfway = Math.floor((CASES * 3 * turns) / 2);
  const tasks = cases.flatMap((hot) =>
    actors(hot).map(({ from, next }) => async () => {
      const sent: Sent[] = [];
      clients.push(sent);
      for (let turn = 0; turn < turns; turn += 1) {
        const message = next(turn);
        const serial = (count += 1);
        const messageId = await send(from, message, serial % TWICE_EVERY === 0);
        if (message.type === 'nl.lvv.ind-dossier-part.v1') hot.newestPart = messageId;
        sent.push({ message, hot });
        if (serial === halfway) await meanwhile();
      }
    }),
  );
  const following = Promise.all(FOLLOWERS.map((name) => peers.get(name)!.follow(() => done)));
  const sending = runAll(tasks, CLIENTS_AT_ONCE).finally(() => (done = true));
  const [seen] = await Promise.all([following, sending]);
  for (const one of peers.values()) one.close();
  return { tally, seen };
}

/** Who must have got what a peer sent; the NGOs of a case depend on which assignment came first. */
function expectedRecipients({ message, hot }: Sent): readonly string[] {
  const oin = (name: string): string => peer(name).oin;
  switch (message.type) {
    case 'nl.lvv.ind-dossier-part.v1':
    case 'nl.lvv.correction-notice.v1':
      return [oin(hot.municipality)];
    case 'nl.lvv.technical-receipt.v1':
      return [oin('ind')];
    case 'nl.lvv.guidance-assignment.v1':
      return [oin('dtv'), String(message.data.ngo_oin)];
    default:
      return message.data.event === 'STARTED' ? [] : [oin('dtv')];
  }
}

const isNgo = (oin: string): boolean => ['ngo-1', 'ngo-2'].some((name) => peer(name).oin === oin);
const groupBy = <T>(items: readonly T[], keyOfItem: (item: T) => string): readonly T[][] => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOfItem(item), [...(groups.get(keyOfItem(item)) ?? []), item]);
  return [...groups.values()];
};
const upTo = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

async function expectNothingLostAndOrdered(seen: readonly (readonly InboxItem[])[]): Promise<void> {
  const rows = await deliveries();
  const byMessage = new Map(groupBy(rows, (row) => row.key).map((group) => [group[0]!.key, group]));
  const sent = clients.flat();
  const wrong = sent.filter((one) => {
    const key = keyOf(one.message as unknown as { source: string; id: string });
    const got = (byMessage.get(key) ?? []).map((row) => row.recipient);
    const others = got.filter((oin) => !(one.message.type === 'nl.lvv.stay-event.v1' && isNgo(oin)));
    return others.sort().join() !== [...expectedRecipients(one)].sort().join();
  });
  expect(wrong.map(({ message }) => message.type)).toEqual([]);
  const started = sent.filter(({ message }) => message.data.event === 'STARTED').length;
  expect(rows.filter((row) => row.contract === 'M05')).toHaveLength(started);

  for (const group of groupBy(rows, (row) => row.recipient))
    expect(group.map((row) => row.sequence)).toEqual(upTo(group.length));
  const perCase = groupBy(rows, (row) => `${row.recipient} ${row.caseId}`);
  expect(perCase.length).toBeGreaterThanOrEqual(CASES * 3);
  // Numbered under the case lock, in the order in which it was held: both orders are one.
  for (const group of perCase) expect(group.map((row) => row.caseSequence)).toEqual(upTo(group.length));

  for (const client of clients) {
    const own = client.flatMap(({ message }) => byMessage.get(keyOf(message as never)) ?? []);
    for (const group of groupBy(own, (row) => row.recipient)) {
      const order = group.map((row) => row.caseSequence);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  }
  for (const [index, items] of seen.entries()) {
    const recipient = peer(FOLLOWERS[index]!).oin;
    const all = rows.filter((row) => row.recipient === recipient);
    // As they were read while it happened: no number was ever missing, not even for a moment.
    expect(items.map((item) => item.sequence)).toEqual(upTo(all.length));
    for (const group of groupBy(items, (item) => item.event.partitionkey))
      expect(group.map((item) => item.caseSequence)).toEqual(upTo(group.length));
  }
}

describe('three gateways on one database, fifty hot cases', () => {
  it('shows no fault to any caller, keeps order per case and loses nothing', async () => {
    const { tally, seen } = await runLoad(6, () => Promise.resolve());
    expect([tally.unexpected, tally.unanswered, tally.accepted]).toEqual([[], 0, CASES * 3 * 6]);
    await expectNothingLostAndOrdered(seen);
    const records = await accessRecords('message.accept');
    const [own] = await world.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM message WHERE sender_kind = 'GATEWAY'`,
    );
    expect(records).toEqual({ byPeers: setUp.messages + tally.accepted, byGateway: own?.n });
    expect((await accessRecords('message.replay')).byPeers).toBe(tally.replays);
    expect((await accessRecords('content.read')).byPeers).toBe(tally.contents);
    expect((await accessRecords('delivery.acknowledge')).byPeers).toBe(tally.acknowledgements);
    expect((await accessRecords('inbox.read')).byPeers).toBe(tally.pages);
    setUp.messages = records.byPeers;
  });

  it('does the same when one is killed in the middle and started again', async () => {
    const kill = async (): Promise<void> => {
      const killed = world.gateways[1]!;
      process.kill(killed.process.pid, 'SIGKILL');
      await killed.process.stop();
      await world.startGateway();
    };
    const { tally, seen } = await runLoad(4, kill);
    expect([tally.unexpected, tally.accepted]).toEqual([[], CASES * 3 * 4]);
    expect(tally.unanswered).toBeGreaterThan(0);
    await expectNothingLostAndOrdered(seen);
    expect((await accessRecords('message.accept')).byPeers).toBe(setUp.messages + tally.accepted);
    const unfinished = await world.rows(`SELECT 1 FROM delivery WHERE sequence IS NULL`);
    expect(unfinished).toEqual([]);
    expect(world.logs()).not.toMatch(/a request failed inside the gateway/);
  });
});
