import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import './kafkajs-timers.js';

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (options: object) => {
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  checkPendingRequests(): void;
  destroy(): void;
};

describe('the timers of kafkajs', () => {
  const queue = new RequestQueue({
    instrumentationEmitter: null,
    maxInFlightRequests: null,
    requestTimeout: 1_000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: 'localhost:1',
    logger: { namespace: () => ({ debug: () => undefined }) },
    isConnected: () => true,
  });
  afterEach(() => queue.destroy());

  it('are none while no request waits', () => {
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('still wake requests that wait', async () => {
    let looks = 0;
    queue.checkPendingRequests = () => void (looks += 1);
    queue.pending = [{}];
    queue.scheduleCheckPendingRequests();
    await sleep(100);
    expect(looks).toBe(1);
    queue.pending = [];
  });
});
