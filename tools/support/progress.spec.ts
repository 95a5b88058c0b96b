import { describe, expect, it } from '@jest/globals';
import { freePort, isPortFree } from './free-port.js';
import { startProgress } from './progress.js';
import { createServer } from 'node:net';

const sink = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
};

describe('startProgress', () => {
  it('writes plain lines where there is no terminal', () => {
    const out = sink(false);
    const progress = startProgress('fetching', out);
    progress.step('half way');
    progress.done('complete');
    expect(out.written).toEqual(['fetching: half way (0 s)\n', 'fetching: complete (0 s)\n']);
  });

  it('rewrites one line on a terminal and ends it once', () => {
    const out = sink(true);
    const progress = startProgress('fetching', out);
    progress.step('a');
    progress.step('b');
    progress.done('complete');
    expect(out.written.every((text) => text.startsWith('\r'))).toBe(true);
    expect(out.written.join('').split('\n')).toHaveLength(2);
  });
});

describe('freePort', () => {
  it('gives a port that can be bound, and sees that a bound one is taken', async () => {
    const port = await freePort();
    expect(await isPortFree(port)).toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });

  it('stays out of the ports of outgoing connections, and gives none twice', async () => {
    const ports = await Promise.all(Array.from({ length: 300 }, () => freePort()));
    expect(new Set(ports).size).toBe(300);
    expect(ports.filter((port) => port < 15_000 || port >= 32_000)).toEqual([]);
  });
});
