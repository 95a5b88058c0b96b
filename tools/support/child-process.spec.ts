import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, type StartOptions } from './child-process.js';
import { readLivePidFile, startTokenOf, writePidFile } from './pid-file.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kp-child-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const node = (code: string, over: Partial<StartOptions> = {}): StartOptions => ({
  name: 'sample',
  command: process.execPath,
  args: ['-e', code],
  logFile: join(dir, 'sample.log'),
  isReady: (text) => text().includes('ready'),
  readyWithinMs: 10_000,
  detached: true,
  ...over,
});

describe('startProcess', () => {
  it('waits for the ready line and stops the process on SIGTERM', async () => {
    const child = await startProcess(node('console.log("ready"); setInterval(() => {}, 1000)'));
    expect(await startTokenOf(child.pid)).not.toBeNull();
    await child.stop();
    expect(await startTokenOf(child.pid)).toBeNull();
    expect(child.exit()).toBe('signal SIGTERM');
  });

  it('names the exit code and the last log lines of a process that ends early', async () => {
    const start = startProcess(node('console.error("no such disk"); process.exit(3)'));
    await expect(start).rejects.toThrow(/sample ended at once \(exit code 3\)[\s\S]*no such disk/);
  });

  it('reports a command that does not exist', async () => {
    await expect(startProcess(node('', { command: 'no-such-command' }))).rejects.toThrow(/ENOENT/);
  });

  it('stops a process that is late', async () => {
    const start = startProcess(
      node('console.log("pid", process.pid); setInterval(() => {}, 1000)', { readyWithinMs: 500 }),
    );
    const message = await start.then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toMatch(/not ready after 0.5 s/);
    expect(await startTokenOf(Number(/pid (\d+)/.exec(message)?.[1]))).toBeNull();
  });

  it('kills a process that ignores SIGTERM once the limit has passed', async () => {
    const child = await startProcess(
      node('process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 9)'),
    );
    await child.stop(300);
    expect(child.exit()).toBe('signal SIGKILL');
  });
});

describe('pid file', () => {
  it('finds a live process again with its notes', async () => {
    const file = join(dir, 'a.pid');
    await writePidFile(file, process.pid, { port: 1 });
    expect(await readLivePidFile(file)).toMatchObject({ pid: process.pid, notes: { port: 1 } });
  });

  it('does not take another process with the same number for the recorded one', async () => {
    const file = join(dir, 'a.pid');
    const child = await startProcess(node('console.log("ready"); setInterval(() => {}, 1000)'));
    await writePidFile(file, child.pid, {});
    await child.stop();
    expect(await readLivePidFile(file)).toBeNull();
    await expect(writePidFile(file, child.pid, {})).rejects.toThrow(/gone/);
  });
});
