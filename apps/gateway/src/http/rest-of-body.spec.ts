import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { restOfBody } from './rest-of-body.js';

const MEGABYTE = Buffer.alloc(1024 * 1024);

function incoming(complete: boolean): { stream: PassThrough; request: IncomingMessage } {
  const stream = new PassThrough();
  return { stream, request: Object.assign(stream, { complete }) as unknown as IncomingMessage };
}

async function isSettled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([
    promise.then(() => true),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), 20)),
  ]);
}

describe('the rest of a refused body', () => {
  it('is not waited for when all of it is there', async () => {
    expect(await isSettled(restOfBody(incoming(true).request))).toBe(true);
  });

  it('is read to its end before the answer', async () => {
    const { stream, request } = incoming(false);
    const rest = restOfBody(request);
    stream.write(MEGABYTE);
    expect(await isSettled(rest)).toBe(false);
    stream.end();
    expect(await isSettled(rest)).toBe(true);
    expect(stream.readableLength).toBe(0);
  });

  it('is waited for no longer when there is too much of it', async () => {
    const { stream, request } = incoming(false);
    const rest = restOfBody(request);
    for (let megabytes = 0; megabytes < 9; megabytes += 1) stream.write(MEGABYTE);
    expect(await isSettled(rest)).toBe(true);
  });

  it('is not waited for when the client has gone', async () => {
    const { stream, request } = incoming(false);
    const rest = restOfBody(request);
    stream.destroy();
    expect(await isSettled(rest)).toBe(true);
  });
});
