import { describe, expect, it } from '@jest/globals';
import { type AcceptedMessage, type Arrival, NOTIFICATION } from './books.js';
import { count, type Counts, type DeliveryRow, type Outside } from './count.js';

const SOURCE = 'urn:nld:oin:00000099000000000101:proef';
const GATEWAY = 'urn:nld:oin:00000099000000000001:ketenpoort';
const NOTHING: Counts = { lost: [], doubled: [], outOfOrder: [], recordsMissing: [], staysUntold: [] };

interface Books {
  outside: { -readonly [Key in keyof Outside]: Outside[Key][number][] };
  stored: {
    deliveries: DeliveryRow[];
    contentReads: Set<string>;
    digests: Map<string, string>;
    stays: { stayId: string; notificationId: string }[];
  };
}

/** Three messages of one system to IND about one case, the first with a stay; all as it should be. */
function books(): Books {
  const ids = ['a', 'b', 'c'];
  const message = (id: string, turn: number): AcceptedMessage => ({
    source: SOURCE,
    id,
    type: 'nl.lvv.technical-receipt.v1',
    caseId: 'case-1',
    messageId: `message-${id}`,
    recipients: ['ind'],
    lane: 'ams 1',
    turn,
    ...(turn === 0 ? { stayId: 'stay-1' } : {}),
  });
  const arrival = (id: string, at: number): Arrival => ({
    recipient: 'ind',
    source: SOURCE,
    id,
    type: 'nl.lvv.technical-receipt.v1',
    caseId: 'case-1',
    atMs: at * 60_000,
  });
  const row = (id: string, insertOrder: number): DeliveryRow => ({
    source: SOURCE,
    id,
    contract: 'M40',
    messageId: `message-${id}`,
    caseId: 'case-1',
    recipient: 'ind',
    insertOrder,
  });
  const told = { source: GATEWAY, id: 'm05', caseId: 'case-1', recipient: 'dtv' };
  return {
    outside: {
      accepted: ids.map(message),
      arrivals: [...ids.map(arrival), { ...told, type: NOTIFICATION, stayId: 'stay-1', atMs: 1 }],
      claimed: [{ recordId: 'record-1', digest: 'digest-1', of: 'receipt' }],
      excuses: [],
    },
    stored: {
      deliveries: [...ids.map(row), { ...told, contract: 'M05', messageId: 'message-m05', insertOrder: 9 }],
      contentReads: new Set([...ids.map((id) => `ind message-${id}`), 'dtv message-m05']),
      digests: new Map([['record-1', 'digest-1']]),
      stays: [{ stayId: 'stay-1', notificationId: 'message-m05' }],
    },
  };
}

/** What is counted after one thing was made different. */
function after(change: (books: Books) => void): Record<keyof Counts, number> {
  const changed = books();
  change(changed);
  const counts = count(changed.outside, changed.stored);
  return Object.fromEntries(Object.entries(counts).map(([name, list]) => [name, list.length])) as never;
}

const none = { lost: 0, doubled: 0, outOfOrder: 0, recordsMissing: 0, staysUntold: 0 };

describe('counting what a run left in the books', () => {
  it('finds nothing where nothing is wrong', () => {
    const { outside, stored } = books();
    expect(count(outside, stored)).toEqual(NOTHING);
  });

  it('finds one message that was dropped, by the sender’s knowledge alone', () => {
    const dropped = ({ outside, stored }: Books): void => {
      outside.arrivals = outside.arrivals.filter(({ id }) => id !== 'b');
      stored.deliveries = stored.deliveries.filter(({ id }) => id !== 'b');
    };
    expect(after(dropped)).toEqual({ ...none, lost: 1 });
  });

  it('finds a message of the gateway itself that was dropped', () => {
    const lost = ({ stored: { deliveries } }: Books): unknown => deliveries.push({ ...deliveries[0]!, id: 'own' });
    expect(after(lost)).toEqual({ ...none, lost: 1 });
  });

  it('finds a notification of a stay that DT&V did not get', () => {
    const untold = ({ outside }: Books): void => void outside.arrivals.pop();
    expect(after(untold)).toEqual({ ...none, lost: 1, staysUntold: 1 });
  });

  it('finds one message that came again without a reason', () => {
    const again = ({ outside: { arrivals } }: Books): unknown => arrivals.push({ ...arrivals[2]!, atMs: 121_000 });
    expect(after(again)).toEqual({ ...none, doubled: 1 });
  });

  it('takes a repeat for what it is when the adapter died right after, and for a double when it died long after', () => {
    const diesAt =
      (fromMs: number) =>
      (changed: Books): void => {
        const { arrivals, excuses } = changed.outside;
        arrivals.push({ ...arrivals[2]!, atMs: 600_000 });
        excuses.push({ recipient: 'ind', fromMs, toMs: fromMs + 5_000 });
      };
    expect(after(diesAt(121_000))).toEqual(none);
    expect(after(diesAt(400_000))).toEqual({ ...none, doubled: 1 });
  });

  it('finds one (source, id) that became two messages, and one stay that is told twice', () => {
    const twice = ({ outside: { accepted } }: Books): unknown => accepted.push({ ...accepted[0]!, messageId: 'other' });
    expect(after(twice)).toEqual({ ...none, doubled: 1 });
    const toldTwice = ({ outside: { arrivals }, stored: { deliveries, contentReads } }: Books): void => {
      arrivals.push({ ...arrivals[3]!, id: 'm05-again' });
      deliveries.push({ ...deliveries[3]!, id: 'm05-again', messageId: 'message-m05-again', insertOrder: 10 });
      contentReads.add('dtv message-m05-again');
    };
    expect(after(toldTwice)).toEqual({ ...none, doubled: 1 });
  });

  it('finds two messages that changed places, also where the gateway’s own tables have them so', () => {
    const swapped = ({ outside }: Books): void => {
      const [first, second, ...rest] = outside.arrivals;
      outside.arrivals = [second!, first!, ...rest];
    };
    expect(after(swapped)).toEqual({ ...none, outOfOrder: 2 });
    const storedSo = (changed: Books): void => {
      swapped(changed);
      const [first, second, ...rest] = changed.stored.deliveries;
      changed.stored.deliveries = [{ ...first!, insertOrder: 1 }, { ...second!, insertOrder: 0 }, ...rest];
    };
    expect(after(storedSo)).toEqual({ ...none, outOfOrder: 1 });
  });

  it('finds a record that is missing for a disclosure, and one that is not what was promised', () => {
    const unread = ({ stored: { contentReads } }: Books): unknown => contentReads.delete('ind message-b');
    expect(after(unread)).toEqual({ ...none, recordsMissing: 1 });
    const gone = ({ stored: { digests } }: Books): unknown => digests.delete('record-1');
    expect(after(gone)).toEqual({ ...none, recordsMissing: 1 });
    const other = ({ stored: { digests } }: Books): unknown => digests.set('record-1', 'digest-2');
    expect(after(other)).toEqual({ ...none, recordsMissing: 1 });
  });
});
