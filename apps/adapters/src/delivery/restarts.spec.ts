import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pause } from './backoff.js';
import { PipelineFixture, until } from '../testing/pipeline-fixture.js';

let at: PipelineFixture;

beforeEach(async () => {
  at = await PipelineFixture.start();
});

afterEach(() => at.stop());

describe('restarts', () => {
  it('breaks off what runs when it must stop, and leaves it outstanding', async () => {
    at.system.down = true;
    const events = at.accept('A', 'B');
    const settled = Promise.allSettled(events.map((event) => at.arrive(event)));
    await until(() => at.system.offered.length > 1);
    await at.restart();
    const outcomes = await settled;
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    at.system.down = false;
    await at.adapter.sweep();
    expect([...at.system.taken].sort()).toEqual(['A1', 'B1']);
  });

  it('refuses what is offered while it stops, as something to try again', async () => {
    const [event] = at.accept('A');
    await at.adapter.pipeline.close(10);
    await expect(at.arrive(event)).rejects.toMatchObject({ code: 'ADAPTER_STOPPING', retryable: true });
  });

  it('delivers at most once more what the system took just before a crash, with the same source and id', async () => {
    const [event] = at.accept('A');
    // The system has it, and the adapter ends before it hears so.
    at.system.afterTaking = (signal) => pause(60_000, signal);
    const settled = at.arrive(event);
    await until(() => at.system.taken.length === 1);
    await Promise.all([at.restart(), expect(settled).rejects.toThrow('ADAPTER_STOPPING')]);
    at.system.afterTaking = undefined;
    await at.adapter.sweep();
    await at.adapter.sweep();
    await at.arrive(event);
    expect(at.system.taken).toEqual(['A1', 'A1']);
  });

  it('finds the position of each case from the inbox when its state folder is gone', async () => {
    const events = at.accept('A', 'B', 'A', 'A', 'B');
    await at.arriveAll(events.slice(0, 3));
    await at.restart({ loseState: true });
    // Kafka replays from the beginning, and the rest comes with it.
    await at.arriveAll(events);
    expect(at.system.takenOf('A')).toEqual(['A1', 'A2', 'A3']);
    expect(at.system.takenOf('B')).toEqual(['B1', 'B2']);
  });

  it('knows after a lost state that earlier messages of a case were taken, though only a later one arrives', async () => {
    const events = at.accept('A', 'A', 'A');
    await at.arriveAll(events.slice(0, 2));
    await at.restart({ loseState: true });
    await at.arrive(events[2]);
    expect(at.system.taken).toEqual(['A1', 'A2', 'A3']);
  });
});

describe('any interleaving', () => {
  const CASES = ['A', 'B', 'C'];
  const action = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('kafka' as const), pick: fc.nat() }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'sweep' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'lose-state' as const }) },
  );
  const order = fc.array(fc.constantFrom(...CASES), { minLength: 1, maxLength: 12 });

  it('delivers every message of every case exactly once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(order, fc.array(action, { maxLength: 25 }), async (cases, actions) => {
        const run = await PipelineFixture.start();
        const events = run.accept(...cases);
        let running: Promise<unknown>[] = [];
        for (const one of actions) {
          if (one.kind === 'kafka') running.push(run.arrive(events[one.pick % events.length]));
          else if (one.kind === 'sweep') running.push(run.adapter.sweep());
          else {
            await Promise.all(running);
            running = [];
            await run.restart({ loseState: one.kind === 'lose-state' });
          }
        }
        await Promise.all([...running, run.adapter.sweep()]);
        for (const key of CASES) {
          const expected = cases.filter((one) => one === key).map((_, index) => `${key}${index + 1}`);
          expect(run.system.takenOf(key)).toEqual(expected);
        }
        await run.stop();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
