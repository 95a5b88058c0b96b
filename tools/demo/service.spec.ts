import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { startTokenOf } from '../support/pid-file.js';
import { answers } from './http-json.js';
import { demoPaths, type DemoPaths } from './paths.js';
import { type Service, type ServiceRequest, startService, startServices, stopLeftover } from './service.js';

const SERVER = `require('node:http').createServer((q, a) => a.end('{}')).listen(Number(process.argv[2]), '127.0.0.1');`;

describe('a service of the demo', () => {
  let paths: DemoPaths;
  let port: number;
  let request: ServiceRequest;
  const running: Service[] = [];

  beforeEach(async () => {
    const state = await mkdtemp(join(tmpdir(), 'demo-'));
    paths = demoPaths(state, state);
    await Promise.all([paths.run, paths.logs].map((dir) => mkdir(dir, { recursive: true })));
    await writeFile(join(state, 'server.cjs'), SERVER);
    port = await freePort();
    const isReady = (): Promise<boolean> => answers(`http://127.0.0.1:${port}/`, [200]);
    request = { name: 'probe', script: join(state, 'server.cjs'), args: [String(port)], isReady };
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await rm(paths.state, { recursive: true, force: true });
  });

  const pid = async (name = 'probe'): Promise<number> =>
    (JSON.parse(await readFile(join(paths.run, `${name}.pid`), 'utf8')) as { pid: number }).pid;
  const start = async (said: string[] = []): Promise<Service> => {
    const service = await startService(paths, request, (text) => said.push(text));
    running.push(service);
    return service;
  };

  it('is started again when it is killed, and stays away when it is stopped', async () => {
    const said: string[] = [];
    const service = await start(said);
    const first = await pid();
    process.kill(first, 'SIGKILL');
    for (let tries = 0; (await pid()) === first && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await request.isReady()).toBe(true);
    expect(said).toEqual(['probe ended (signal SIGKILL); starting it again']);
    await service.stop();
    expect(await request.isReady()).toBe(false);
  }, 20_000);

  it('that a killed demo left behind is found by its pid file and stopped', async () => {
    const service = await start();
    const left = await pid();
    expect(await stopLeftover(paths, 'probe')).toBe(true);
    expect(await startTokenOf(left)).toBeNull();
    expect(await stopLeftover(paths, 'probe')).toBe(false);
    await service.stop();
  });

  it('does not stay behind when another one cannot start', async () => {
    const broken = {
      ...request,
      name: 'broken',
      script: join(paths.state, 'missing.cjs'),
      isReady: () => Promise.resolve(false),
    };
    await expect(startServices(paths, [request, broken], () => undefined)).rejects.toThrow(/broken ended at once/);
    expect(await request.isReady()).toBe(false);
  }, 20_000);
});
