import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KafkaServer } from '#messaging/kafka-server.js';
import type { InboxItem } from '#messaging/event.js';
import { InboxServer } from '#messaging/inbox-server.js';
import type { InboxClient } from '#messaging/inbox-port.js';
import type { SettleHandler } from '#messaging/kafka-port.js';
import type { NotificationContext } from '#messaging/notification-context.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { PipelineFixture, until } from '../testing/pipeline-fixture.js';
import { pause } from './backoff.js';

const HOLD_MS = 40;
/** What a poll waits that finds nothing. */
const IDLE_MS = 5;

let at: PipelineFixture;
let servers: { close(): Promise<void> }[];

beforeEach(async () => {
  servers = [];
  at = await PipelineFixture.start({ holdMs: HOLD_MS });
});
afterEach(async () => {
  await Promise.all([at.adapter.pipeline.close(0), ...servers.map((server) => server.close())]);
  await at.stop();
});

const inbox: InboxClient = {
  page: async (...asked) => {
    const page = await at.gateway.page(...asked);
    if (page.items.length === 0) await pause(IDLE_MS, new AbortController().signal);
    return page;
  },
};
const options = { log: SILENT_LOG, onPoison: () => Promise.resolve() };
const handle = (_: unknown, { event, item }: NotificationContext) =>
  at.adapter.pipeline.handle({ event, ...(item ? { item } : {}) });

/** The real transport in front of the pipeline. */
function followInbox(): void {
  let position = 0;
  const cursor = { load: () => Promise.resolve(position), save: (to: number) => Promise.resolve(void (position = to)) };
  const server = new InboxServer({ ...options, inbox, cursor });
  server.addHandler('nl.lvv.dossier-part.v1', handle, true);
  server.listen(() => undefined);
  servers.push(server);
}

/** The same over Kafka; resolves with what offers a batch once consuming has begun. */
function consume(): Promise<SettleHandler> {
  return new Promise((resolve) => {
    const consumer = { start: resolve, isConnected: () => true, close: () => Promise.resolve() };
    const server = new KafkaServer({ ...options, inbox, consumer });
    server.addHandler('nl.lvv.dossier-part.v1', handle, true);
    server.listen(() => undefined);
    servers.push(server);
  });
}

describe('a message on which the system breaks each time', () => {
  it('holds up no other that comes after it, and is parked once it is clear that others are taken', async () => {
    at.system.breaksOn.add('A1');
    at.accept('A', 'A', 'B');
    followInbox();
    await until(() => at.system.taken.includes('B1'));
    for (let round = 0; round < 10; round++) {
      at.accept(`C${round}-`);
      await until(() => at.system.taken.includes(`C${round}-1`));
    }
    await until(() => at.gateway.rows[0]?.state === 'PARKED');
    expect(at.gateway.rows[0]?.failureCode).toBe('SYSTEM_UNAVAILABLE');
    expect(at.system.takenOf('A')).toEqual([]);
  });

  it('does not keep an adapter that starts from consuming', async () => {
    at.system.breaksOn.add('A1');
    at.accept('A');
    const offer = await consume();
    const event = at.gateway.accept('B');
    expect(await offer([event])).toMatchObject({ settled: 1 });
    expect(at.system.taken).toEqual(['B1']);
  });

  it('is not parked while the system takes nothing at all', async () => {
    at.system.down = true;
    at.accept('A', 'B');
    followInbox();
    await pause(6 * HOLD_MS, new AbortController().signal);
    expect(at.gateway.rows.map(({ state }: Pick<InboxItem, 'state'>) => state)).toEqual(['FETCHED', 'FETCHED']);
    at.system.down = false;
    await until(() => at.system.taken.length === 2);
  });
});
