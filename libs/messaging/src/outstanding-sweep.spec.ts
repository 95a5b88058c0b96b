import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InboxItem } from '#messaging/event.js';
import { FakeInbox, notification } from '#messaging/fakes.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { OutstandingSweep } from '#messaging/outstanding-sweep.js';

describe('OutstandingSweep', () => {
  it('reads all pages at start, and later only what the fast road had its time for', async () => {
    const inbox = new FakeInbox(Array.from({ length: 230 }, (_, n) => notification(n + 1)));
    const swept: number[] = [];
    const sweep = new OutstandingSweep({
      client: inbox,
      log: SILENT_LOG,
      everyMs: 20,
      graceMs: 30_000,
      now: () => Date.parse('2026-11-22T10:00:10Z'),
      settle: (items) => {
        for (const item of items) {
          swept.push(item.sequence);
          inbox.take(item.sequence);
        }
        return Promise.resolve({ settled: items.length });
      },
    });
    await sweep.start();
    expect(swept).toEqual(Array.from({ length: 230 }, (_, n) => n + 1));
    inbox.add({ ...notification(231), time: '2026-11-22T10:00:00Z' });
    inbox.add({ ...notification(232), partitionkey: 'another case', time: '2026-11-22T09:59:00Z' });
    while (swept.length === 230) await sleep(10);
    await sleep(60);
    await sweep.stop();
    expect(swept.slice(230)).toEqual([232]);
  });

  /** What one sweep offers of these; each page of it takes `pageMs` by the clock of the adapter. */
  async function offeredOf(
    items: readonly (readonly [sequence: number, partitionkey: string, time: string])[],
    { pageMs = 0, settles = true },
  ): Promise<readonly number[]> {
    const inbox = new FakeInbox();
    const offered: number[] = [];
    let [sweeps, nowMs] = [0, Date.parse('2026-11-22T10:00:00Z')];
    const page: FakeInbox['page'] = (after, limit, waitSeconds, state) => {
      if (after === 0) sweeps += 1;
      // The one at start found nothing; of the one after it all is seen.
      return sweeps > 2 ? new FakeInbox().page(0, limit, 0) : inbox.page(after, limit, waitSeconds, state);
    };
    const settle = (some: readonly InboxItem[]): Promise<{ settled: number }> => {
      offered.push(...some.map(({ sequence }) => sequence));
      nowMs += pageMs;
      return Promise.resolve({ settled: settles ? some.length : some.length - 1 });
    };
    const client = { page };
    const sweep = new OutstandingSweep({ client, log: SILENT_LOG, everyMs: 10, now: () => nowMs, settle });
    await sweep.start();
    for (const [sequence, partitionkey, time] of items)
      inbox.add({ ...notification(sequence), partitionkey, time: `2026-11-22T${time}Z` });
    while (sweeps <= 2) await sleep(5);
    await sweep.stop();
    return offered;
  }
  const others = (count: number) => Array.from({ length: count }, (_, n) => [1 + n, `other ${n}`, '09:00:00'] as const);

  it('offers nothing of a case of which it left something, though by the next page that is old enough', async () => {
    const ofTheCase = [[100, 'case', '09:59:40'], [101, 'case', '09:59:41'], [102, 'x', '09:00:00']] as const; // prettier-ignore
    expect((await offeredOf([...others(99), ...ofTheCase], { pageMs: 60_000 })).slice(99)).toEqual([102]);
  });

  it('offers nothing of a case behind a message that was dated by a clock that is ahead', async () => {
    const items = [[1, 'case', '10:59:00'], [2, 'case', '09:00:00'], [3, 'x', '09:00:00']] as const; // prettier-ignore
    expect(await offeredOf(items, {})).toEqual([3]);
  });

  it('goes no further than a page of which something was not settled', async () => {
    expect(await offeredOf(others(150), { settles: false })).toHaveLength(100);
  });
});
