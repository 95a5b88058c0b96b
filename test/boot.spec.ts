import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { AgenciesConfig } from '../apps/agencies/src/config.js';
import { startProcess } from '../tools/support/child-process.js';
import { freePort, isPortFree } from '../tools/support/free-port.js';
import { AdapterProcess } from './support/adapter-process.js';
import { RecordingSystem } from './support/recording-system.js';
import { peer, World, type GatewayProcess } from './support/world.js';

jest.setTimeout(60_000);
const READY_LIMIT_MS = 45_000;
const BY_ITSELF = 'exit code 0';

let world: World;
const started = new Set<string>();

beforeAll(async () => {
  world = await World.open();
});

afterAll(async () => {
  await world?.close();
});

async function stopped(gateway: GatewayProcess): Promise<string | null> {
  await gateway.process.stop();
  return gateway.process.exit();
}

/** Whether something listens there. */
const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });

// Import cycles between injectables pass in tests and crash the built modules: hence each app as it is shipped.
describe('every built app', () => {
  it('gateway: is ready, stops on SIGTERM by itself, and starts again on the same database', async () => {
    for (const _ of ['first', 'again']) {
      const gateway = await world.startGateway();
      const port = Number(new URL(gateway.url).port);
      expect(await listens(port)).toBe(true);
      expect(await stopped(gateway)).toBe(BY_ITSELF);
      expect(await listens(port)).toBe(false);
    }
    started.add('gateway');
  });

  it('gateway: starts without revocation lists where the operator wants an alarm, and gives it', async () => {
    const missing = { CRL_STALE: 'alarm', TLS_CRL_FILE: join(world.folder, 'no-such-list') };
    const gateway = await world.startGateway(missing);
    expect(gateway.process.logTail()).toContain('revocation list alarm');
    expect(await stopped(gateway)).toBe(BY_ITSELF);
  });

  it('adapters: is ready also before its gateway is, and stops on SIGTERM by itself', async () => {
    const system = await RecordingSystem.listen();
    const adapter = new AdapterProcess(world, { name: 'dtv', webhookUrl: system.url });
    await adapter.start();
    expect((await adapter.status()).transport.connected).toBe(false);
    expect(await adapter.stop()).toBe(BY_ITSELF);
    await system.close();
    started.add('adapters');
  });

  it('agencies: listens, and stops on SIGTERM by itself', async () => {
    const folder = join(world.folder, 'agencies');
    mkdirSync(folder);
    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, 'geheim', { mode: 0o600 });
    const { oin, kind } = peer('dtv');
    const port = await freePort();
    const adapterUrl = `http://127.0.0.1:${await freePort()}`;
    const agency = { name: 'dtv', oin, kind, adapterUrl, secretFile, stateDir: join(folder, 'dtv') };
    const config: AgenciesConfig = { port, pace: 0, hiccupShare: 0, agencies: [agency] };
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    const agencies = await startProcess({
      name: 'agencies',
      command: process.execPath,
      args: ['dist/apps/agencies/src/main.js', file],
      logFile: join(folder, 'agencies.log'),
      isReady: (log) => log().includes('listening'),
      readyWithinMs: READY_LIMIT_MS,
    });
    expect(await listens(port)).toBe(true);
    await agencies.stop();
    expect(agencies.exit()).toBe(BY_ITSELF);
    expect(await isPortFree(port)).toBe(true);
    started.add('agencies');
  });

  it('verify: says what it can, and that there is nothing to check where nothing is', () => {
    const verify = (...args: string[]) =>
      spawnSync(process.execPath, ['dist/apps/verify/src/main.js', ...args], { encoding: 'utf8' });
    const help = verify('--help');
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining('npm run verify')]);
    const nothing = join(world.folder, 'no-export');
    mkdirSync(nothing);
    expect(verify(nothing).status).toBe(2);
    started.add('verify');
  });

  it('is one of those above', () => {
    expect([...started].sort()).toEqual(readdirSync('apps').sort());
  });
});
