import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pause } from './backoff.js';
import { PipelineFixture, until } from '../testing/pipeline-fixture.js';

let at: PipelineFixture;

beforeEach(async () => {
  at = await PipelineFixture.start();
});

afterEach(() => at.stop());

describe('order and doubles', () => {
  it('C26 drops a notification that comes twice, at once and later', async () => {
    const [event] = at.accept('A');
    await Promise.all([at.arrive(event), at.arrive(event)]);
    await at.arrive(event);
    expect(at.system.taken).toEqual(['A1']);
  });

  it('does not ask the inbox again about a notification that it has had', async () => {
    const [event] = at.accept('A');
    await at.arrive(event);
    await until(() => at.adapter.state.pending().length === 0);
    const before = at.gateway.pagesRead;
    await at.arrive(event);
    expect(at.gateway.pagesRead).toBe(before);
  });

  it('drops an inbox line that was read before the gateway recorded that we took it', async () => {
    const [event] = at.accept('A');
    const { items } = await at.gateway.page(0, 1, 0, 'outstanding');
    await at.arrive(event);
    await until(() => at.adapter.state.pending().length === 0);
    await at.adapter.pipeline.handle({ event: items[0]!.event, item: items[0]! });
    expect(at.system.taken).toEqual(['A1']);
  });

  it('delivers again, rather than lose it, what the gateway still calls outstanding after a restored backup', async () => {
    const [event] = at.accept('A');
    await at.arrive(event);
    await until(() => at.adapter.state.pending().length === 0);
    at.gateway.rows[0]!.state = 'OUTSTANDING';
    await at.adapter.sweep();
    expect(at.system.taken).toEqual(['A1', 'A1']);
  });

  it('drops a notification from before a restored backup, whose sequence now belongs to another message', async () => {
    const [event] = at.accept('A');
    const messageId = '01900000-0000-7000-8000-000000000000';
    const forgotten = { ...event!, dataref: `https://localhost/v1/messages/${messageId}/content`, partitionkey: 'Z' };
    await at.arrive(forgotten);
    expect([at.system.taken, at.gateway.stateOf(event)]).toEqual([[], 'OUTSTANDING']);
    await at.arrive(event);
    expect(at.system.taken).toEqual(['A1']);
  });

  it('delivers a case in its own order when the notifications come the other way round', async () => {
    const events = at.accept('A', 'A', 'A', 'A');
    await at.arriveAll(events.reverse());
    expect(at.system.taken).toEqual(['A1', 'A2', 'A3', 'A4']);
  });

  it('fetches from the inbox what never arrived, before it delivers what came after it', async () => {
    const events = at.accept('A', 'B', 'A', 'A');
    await at.arrive(events[3]);
    expect(at.system.taken).toEqual(['A1', 'A2', 'A3']);
    expect(at.gateway.stateOf(events[1])).toBe('OUTSTANDING');
  });

  it('drops a late notification that it had fetched itself', async () => {
    const events = at.accept('A', 'A');
    await at.arrive(events[1]);
    await at.arrive(events[0]);
    expect(at.system.taken).toEqual(['A1', 'A2']);
  });

  it('fetches content with the purpose that the agency configured for the exact contract', async () => {
    const [event] = at.accept('A');
    await at.arrive(event);
    expect(at.gateway.fetched.map(({ purpose }) => purpose)).toEqual(['P03']);
  });

  it('delivers a message without a case once', async () => {
    const [event] = at.accept(null);
    await at.arrive(event);
    await at.restart();
    await at.arrive(event);
    expect(at.system.taken).toHaveLength(1);
  });

  it('uses an inbox page for the notifications that follow, too', async () => {
    const events = at.accept(...Array.from({ length: 30 }, (_, index) => `case${index}-`));
    for (const event of events) await at.arrive(event);
    expect(at.gateway.pagesRead).toBeLessThanOrEqual(2);
  });

  it('reads one inbox page for a burst, not one for each notification', async () => {
    const events = at.accept(...Array.from({ length: 60 }, (_, index) => `case${index}-`));
    await at.arriveAll(events);
    expect(at.system.taken).toHaveLength(60);
    expect(at.gateway.pagesRead).toBeLessThanOrEqual(2);
  });
});

describe('acknowledging', () => {
  it('tells the gateway only what the system has', async () => {
    at.system.down = true;
    const [event] = at.accept('A');
    const settled = at.arrive(event);
    await until(() => at.system.offered.length >= 3);
    expect(at.gateway.acknowledged).toEqual([]);
    at.system.down = false;
    await settled;
    await until(() => at.gateway.stateOf(event) === 'TAKEN');
  });

  it('does not park a case because the whole system is away, however long', async () => {
    at.system.down = true;
    const [event] = at.accept('A');
    const settled = at.arrive(event);
    await until(() => at.system.offered.length > 6);
    at.system.down = false;
    await settled;
    expect(at.system.taken).toEqual(['A1']);
    expect(at.adapter.state.parkedCases).toBe(0);
  });

  it('waits for a gateway that is away and then goes on', async () => {
    const [event] = at.accept('A');
    at.gateway.down = true;
    const settled = at.arrive(event);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(at.system.taken).toEqual([]);
    at.gateway.down = false;
    await settled;
    expect(at.system.taken).toEqual(['A1']);
  });

  it('sends what the gateway did not record before a restart after it, and delivers nothing twice', async () => {
    at.gateway.acknowledgementsDown = true;
    const [event] = at.accept('A');
    await at.arrive(event);
    await at.restart();
    await at.adapter.sweep();
    at.gateway.acknowledgementsDown = false;
    await until(() => at.gateway.stateOf(event) === 'TAKEN');
    expect(at.system.taken).toEqual(['A1']);
  });
});

describe('poison', () => {
  it('parks its own case after the configured tries; other cases go on', async () => {
    at.system.poison.add('A2');
    const events = at.accept('A', 'A', 'A', 'B', 'B');
    await at.arriveAll(events);
    await until(() => at.gateway.acknowledged.length === 4);
    expect(at.system.offered.filter((name) => name === 'A2')).toHaveLength(3);
    expect(at.system.takenOf('A')).toEqual(['A1']);
    expect(at.system.takenOf('B')).toEqual(['B1', 'B2']);
    expect(at.gateway.rows.map(({ state }) => state)).toEqual(['TAKEN', 'PARKED', 'PARKED', 'TAKEN', 'TAKEN']);
    expect(at.gateway.rows[1]?.failureCode).toBe('SYSTEM_REFUSED');
    expect(at.adapter.state.parkedCases).toBe(1);
  });

  it('parks a message on which the system breaks each time, once it is clear that it takes others', async () => {
    at.system.breaksOn.add('A1');
    const settled = at.arriveAll(at.accept('A'));
    for (let round = 0; round < 40 && at.adapter.state.parkedCases === 0; round++) {
      await at.arriveAll(at.accept(`B${round}-`));
      await pause(10, new AbortController().signal);
    }
    await settled;
    await until(() => at.gateway.rows[0]?.state === 'PARKED');
    expect(at.gateway.rows[0]?.failureCode).toBe('SYSTEM_UNAVAILABLE');
  });

  it('does not deliver later messages of the case while the gateway does not know of the failure yet', async () => {
    at.system.poison.add('A1');
    at.gateway.acknowledgementsDown = true;
    const events = at.accept('A', 'A');
    await at.arrive(events[0]);
    await at.arrive(events[1]);
    await at.restart();
    await at.adapter.sweep();
    expect(at.system.offered).toEqual(['A1', 'A1', 'A1']);
  });

  it('delivers the case from the parked message on when it is redriven', async () => {
    at.system.poison.add('A1');
    const events = at.accept('A', 'A', 'A');
    await at.arriveAll(events);
    await until(() => at.gateway.rows[0]?.state === 'PARKED');
    await until(() => at.adapter.state.pending().length === 0);
    at.system.poison.clear();
    at.gateway.release(events[0], 'REDRIVE');
    await at.adapter.sweep();
    expect(at.system.taken).toEqual(['A1', 'A2', 'A3']);
    expect(at.adapter.state.parkedCases).toBe(0);
  });

  it('goes on behind a message that an operator passed over', async () => {
    at.system.poison.add('A1');
    const events = at.accept('A', 'A');
    await at.arriveAll(events);
    await until(() => at.adapter.state.pending().length === 0);
    at.gateway.release(events[0], 'SKIP');
    await at.arrive(events[1]);
    expect(at.system.taken).toEqual(['A2']);
  });

  it('parks a contract without a configured purpose instead of guessing one', async () => {
    const event = at.gateway.accept('A');
    const row = at.gateway.rows[0]!;
    const item = {
      sequence: 1,
      caseSequence: 1,
      state: row.state,
      messageId: row.messageId,
      contract: 'nl.lvv.unheard-of.v1',
      event,
    };
    await at.adapter.pipeline.handle({ event, item });
    await until(() => row.state === 'PARKED');
    expect(row.failureCode).toBe('PURPOSE_NOT_CONFIGURED');
    expect(at.gateway.fetched).toEqual([]);
  });
});

describe('withdrawn messages', () => {
  it('passes over a tombstone and delivers what follows', async () => {
    const events = at.accept('A', 'A');
    at.gateway.withdraw(events[0]);
    await at.arriveAll(events);
    expect(at.system.taken).toEqual(['A2']);
  });

  it('passes over a message that is withdrawn between its notification and the fetch', async () => {
    const event = at.gateway.accept('A');
    const { items } = await at.gateway.page(0, 1, 0);
    at.gateway.withdraw(event);
    await at.adapter.pipeline.handle({ event, item: items[0]! });
    expect(at.system.taken).toEqual([]);
    expect(at.adapter.state.position('case/A')).toEqual({ last: 1 });
  });
});
