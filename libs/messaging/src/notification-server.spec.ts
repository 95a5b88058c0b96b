import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomTransportStrategy, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { setTimeout as sleep } from 'node:timers/promises';
import { delay, type Observable, of, tap } from 'rxjs';
import { DeliveryFailure } from '#messaging/delivery-failure.js';
import { DeliveryFailureFilter } from '#messaging/delivery-failure.filter.js';
import type { InboxItem, NotificationEvent } from '#messaging/event.js';
import { FakeConsumer, FakeInbox, notification } from '#messaging/fakes.js';
import { InboxServer } from '#messaging/inbox-server.js';
import { KafkaServer } from '#messaging/kafka-server.js';
import { SILENT_LOG } from '#messaging/messaging-log.js';
import { NotificationContext } from '#messaging/notification-context.js';

/** What the handler does with the next event of this id; taken once, then it succeeds. */
const failures = new Map<string, unknown[]>();
const handled: { id: string; context: NotificationContext }[] = [];
let finished: string[] = [];
let begunAtFirstFinish = 0;

@Controller()
class AgencyHandlers {
  @EventPattern<string>('nl.lvv.case-notification.v1')
  caseNotification(@Payload() event: NotificationEvent, @Ctx() context: NotificationContext): Observable<string> {
    handled.push({ id: event.id, context });
    const failure = failures.get(event.id)?.shift();
    if (failure !== undefined) throw failure as Error;
    // Done only when the stream is, which is after the handler has returned.
    return of(event.id).pipe(
      delay(20),
      tap(() => {
        if (finished.length === 0) begunAtFirstFinish = handled.length;
        finished.push(event.id);
      }),
    );
  }
}

@Module({ controllers: [AgencyHandlers] })
class AgencyModule {}

let app: INestMicroservice | undefined;
const poison: { id: string; code: string }[] = [];
const tombstones: number[] = [];
const options = {
  log: SILENT_LOG,
  onPoison: ({ event }: NotificationContext, { code }: DeliveryFailure) => {
    poison.push({ id: event.id, code });
    return Promise.resolve();
  },
  onTombstone: (item: InboxItem) => {
    tombstones.push(item.sequence);
    return Promise.resolve();
  },
};

async function serve(strategy: CustomTransportStrategy): Promise<void> {
  app = await NestFactory.createMicroservice(AgencyModule, { strategy, logger: false });
  app.useGlobalFilters(new DeliveryFailureFilter());
  await app.listen();
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !condition(); await sleep(5)) {
    if (Date.now() > end) throw new Error('it did not come to that');
  }
}

beforeEach(() => {
  failures.clear();
  for (const list of [handled, poison, tombstones]) list.length = 0;
  finished = [];
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('KafkaServer', () => {
  const served = async (inbox = new FakeInbox()): Promise<FakeConsumer> => {
    const consumer = new FakeConsumer();
    await serve(new KafkaServer({ ...options, consumer, inbox }));
    await until(() => consumer.handler !== null);
    return consumer;
  };

  it('settles a notification only when the stream of its handler is complete', async () => {
    const consumer = await served();
    const outcome = await consumer.offer([notification(1)]);
    expect(finished).toEqual(['event-1']);
    expect(outcome).toEqual({ settled: 1, retryAfterMs: 0 });
    const { context } = handled[0] ?? {};
    expect([context?.transport, context?.contract, context?.sequence, context?.caseSequence, context?.attempt]).toEqual(
      ['kafka', undefined, 1, 1, 1],
    );
  });

  it('leaves a retryable failure and what follows unsettled, however often it fails', async () => {
    const failure = () => new DeliveryFailure({ retryable: true, code: 'AGENCY_DOWN' });
    failures.set('event-2', Array.from({ length: 12 }, failure));
    const consumer = await served();
    const batch = [1, 2, 3].map((n) => notification(n));
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      const outcome = await consumer.offer(batch);
      expect(outcome.settled).toBe(1);
      expect(outcome.retryAfterMs).toBeGreaterThan(0);
      expect(handled.findLast(({ id }) => id === 'event-2')?.context.attempt).toBe(attempt);
    }
    expect(handled.map(({ id }) => id)).not.toContain('event-3');
    expect(await consumer.offer(batch)).toEqual({ settled: 3, retryAfterMs: 0 });
    expect(poison).toEqual([]);
  });

  it('reports poison with its code and goes on', async () => {
    failures.set('event-1', [new DeliveryFailure({ retryable: false, code: 'CONTENT_REFUSED' })]);
    const consumer = await served();
    const unknown = { ...notification(2), type: 'nl.lvv.unheard-of.v1' };
    expect((await consumer.offer([notification(1), unknown])).settled).toBe(2);
    expect(poison).toEqual([
      { id: 'event-1', code: 'CONTENT_REFUSED' },
      { id: 'event-2', code: 'NO_HANDLER' },
    ]);
  });

  it('retries what nobody meant to throw a limited number of times', async () => {
    failures.set(
      'event-1',
      Array.from({ length: 20 }, () => new TypeError('a bug')),
    );
    const consumer = await served();
    let offers = 0;
    do offers += 1;
    while ((await consumer.offer([notification(1)])).settled === 0);
    expect(offers).toBe(8);
    expect(poison).toEqual([{ id: 'event-1', code: 'UNEXPECTED' }]);
  });

  it('works on different cases side by side', async () => {
    const consumer = await served();
    await consumer.offer(Array.from({ length: 16 }, (_, n) => notification(n + 1, `case-${n}`)));
    expect(begunAtFirstFinish).toBe(16);
    expect(finished).toHaveLength(16);
  });

  it('reads the outstanding notifications of the inbox before it consumes, with their contract', async () => {
    const inbox = new FakeInbox([notification(1)]);
    inbox.failNext = 1;
    await served(inbox);
    expect(handled.map(({ id, context }) => [id, context.transport, context.contract])).toEqual([
      ['event-1', 'inbox', 'nl.lvv.resident-application.v1'],
    ]);
  });

  it('hands nothing out any more once it closes, and waits for what runs', async () => {
    const consumer = await served();
    const offered = consumer.offer([notification(1), notification(2)]);
    await until(() => handled.length === 1);
    await app?.close();
    expect(finished).toEqual(['event-1']);
    expect((await offered).settled).toBe(1);
    expect(handled).toHaveLength(1);
    expect(consumer.closed).toBe(true);
  });
});

describe('InboxServer', () => {
  it('follows the inbox, tells of tombstones, and moves its cursor past what is settled', async () => {
    const inbox = new FakeInbox();
    inbox.add(notification(1), 'TAKEN');
    const cursor = inbox.cursor();
    await serve(new InboxServer({ ...options, inbox, cursor }));
    inbox.add(notification(2));
    inbox.add(notification(3));
    await until(() => cursor.saved === 3);
    expect(finished).toEqual(['event-2', 'event-3']);
    expect(tombstones).toEqual([1]);
  });

  it('keeps its cursor before a retryable failure and delivers it later', async () => {
    const inbox = new FakeInbox();
    const cursor = inbox.cursor();
    await serve(new InboxServer({ ...options, inbox, cursor }));
    failures.set('event-2', [new DeliveryFailure({ retryable: true, code: 'AGENCY_DOWN' })]);
    inbox.add(notification(1), 'OUTSTANDING', notification(2), notification(3));
    await until(() => cursor.saved === 3);
    expect(cursor.history).toEqual([1, 3]);
    expect(finished.slice(-2)).toEqual(['event-2', 'event-3']);
  });

  it('goes on after the gateway was away', async () => {
    const inbox = new FakeInbox();
    inbox.failNext = 2;
    await serve(new InboxServer({ ...options, inbox, cursor: inbox.cursor() }));
    inbox.add(notification(1));
    await until(() => finished.length === 1);
    expect(inbox.failNext).toBe(0);
  });

  it('closes at once although the gateway holds its poll', async () => {
    const inbox = new FakeInbox();
    await serve(new InboxServer({ ...options, inbox, cursor: inbox.cursor() }));
    await until(() => inbox.isHeld());
    const startedAt = Date.now();
    await app?.close();
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});
