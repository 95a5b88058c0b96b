import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Acknowledgement, AcknowledgementResult } from '../gateway/content.js';
import { GatewayProblem, GatewayUnreachable } from '../gateway/gateway-errors.js';
import { until } from '../testing/pipeline-fixture.js';
import { AckQueue } from './ack-queue.js';
import { AdapterState } from './adapter-state.js';

const LOG = pino({ level: 'silent' });
const BACKOFF = { firstDelayMs: 2, maxDelayMs: 5 };

let folder: string;
let state: AdapterState;
let batches: Acknowledgement[][];
/** What stands in the way of the next calls. */
let obstacles: Error[];
let refuses: (one: Acknowledgement) => boolean;

const gateway = {
  acknowledge: (batch: readonly Acknowledgement[]): Promise<readonly AcknowledgementResult[]> => {
    batches.push([...batch]);
    const obstacle = obstacles.shift();
    if (obstacle) return Promise.reject(obstacle);
    if (batch.some(refuses))
      return Promise.reject(new GatewayProblem(400, 'SCHEMA_INVALID', { status: 400 }, undefined));
    return Promise.resolve(batch.map(({ messageId }) => ({ messageId, status: 'recorded' })));
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kp-acks-'));
  state = await AdapterState.open(folder);
  batches = [];
  obstacles = [];
  refuses = () => false;
});

afterEach(async () => {
  await state.close();
  await rm(folder, { recursive: true });
});

async function push(queue: AckQueue, count: number): Promise<void> {
  const pending = Array.from({ length: count }, (_, index) => ({
    messageId: `m${index}`,
    status: 'taken' as const,
    lane: `case/${index}`,
  }));
  await Promise.all(pending.map(({ lane, ...one }) => state.save(lane, { last: 1 }, one)));
  for (const one of pending) queue.push(one);
}

const recorded = (): boolean => state.pending().length === 0;

describe('AckQueue', () => {
  it('gathers neighbours and never sends more than a hundred at once', async () => {
    const queue = new AckQueue(gateway, state, BACKOFF, LOG);
    obstacles.push(new GatewayUnreachable('ECONNREFUSED'));
    await push(queue, 230);
    await until(recorded);
    expect(batches.map(({ length }) => length)).toEqual([100, 100, 100, 30]);
    await queue.close(100);
  });

  it('goes on trying while the gateway is away', async () => {
    obstacles.push(
      new GatewayUnreachable('ECONNREFUSED'),
      new GatewayProblem(503, 'LOG_UNAVAILABLE', { status: 503 }, 1),
    );
    const queue = new AckQueue(gateway, state, BACKOFF, LOG);
    await push(queue, 1);
    await until(recorded);
    expect(batches).toHaveLength(3);
    await queue.close(100);
  });

  it('sends what an earlier run left behind', async () => {
    await state.save('case/a', { last: 1 }, { messageId: 'old', status: 'taken' });
    const queue = new AckQueue(gateway, state, BACKOFF, LOG);
    await until(recorded);
    expect(batches).toEqual([[{ messageId: 'old', status: 'taken' }]]);
    await queue.close(100);
  });

  it('does not let one entry that is refused for good hold up the others', async () => {
    refuses = ({ messageId }) => messageId === 'm1';
    for (const index of [0, 1, 2])
      await state.save(`case/${index}`, { last: 1 }, { messageId: `m${index}`, status: 'taken' });
    const queue = new AckQueue(gateway, state, BACKOFF, LOG);
    await until(recorded);
    expect(batches.slice(1).map((batch) => batch.map(({ messageId }) => messageId))).toEqual([['m0'], ['m1'], ['m2']]);
    await queue.close(100);
  });

  it('leaves the rest for the next start when it must close', async () => {
    obstacles.push(...Array.from({ length: 1_000 }, () => new GatewayUnreachable('ECONNREFUSED')));
    const queue = new AckQueue(gateway, state, BACKOFF, LOG);
    await push(queue, 1);
    await queue.close(20);
    expect(state.pending()).toHaveLength(1);
  });
});
