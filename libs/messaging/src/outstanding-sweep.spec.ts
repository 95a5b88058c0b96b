import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
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
        return Promise.resolve();
      },
    });
    await sweep.start();
    expect(swept).toEqual(Array.from({ length: 230 }, (_, n) => n + 1));
    inbox.add({ ...notification(231), time: '2026-11-22T10:00:00Z' });
    inbox.add({ ...notification(232), time: '2026-11-22T09:59:00Z' });
    while (swept.length === 230) await sleep(10);
    await sleep(60);
    await sweep.stop();
    expect(swept.slice(230)).toEqual([232]);
  });
});
