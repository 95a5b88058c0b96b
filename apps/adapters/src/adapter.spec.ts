import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { serverTlsOptions } from '#identity/tls-options.js';
import { type DemoPki, ensureDemoPki } from '../../../tools/pki/demo-pki.js';
import { Adapter } from './adapter.js';
import { loadConfig } from './config/read-config.js';
import { createLog } from './log.js';
import { CATALOGUE, contractBook } from './testing/contracts.js';
import { FakeGateway } from './testing/fake-gateway.js';
import { FakeGatewayServer } from './testing/fake-gateway-server.js';
import { FakeWebhook } from './testing/fake-webhook.js';
import { until } from './testing/pipeline-fixture.js';
import { AMS_OIN, SECRET, writeAgency } from './testing/test-agency.js';

let pki: DemoPki;
let gateway: FakeGateway;
let server: FakeGatewayServer;
let gatewayUrl: string;
let webhook: FakeWebhook;
let webhookUrl: string;
let adapter: Adapter | undefined;

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-adapter-')));
}, 30_000);

afterAll(() => rm(pki.dir, { recursive: true }));

beforeEach(async () => {
  gateway = new FakeGateway();
  await openGateway();
  webhook = new FakeWebhook();
  webhookUrl = await webhook.listen();
});

afterEach(async () => {
  await adapter?.stop();
  adapter = undefined;
  await server.close();
  await webhook.close();
});

async function openGateway(port = 0): Promise<void> {
  server = new FakeGatewayServer(gateway, await serverTlsOptions({ ...pki.files('gateway'), caFiles: [pki.caFile] }));
  gatewayUrl = await server.listen(port);
}

const configured = (connector: object): Promise<string> =>
  writeAgency(pki, { gateway: { url: gatewayUrl, ...pki.files('ams'), caFile: pki.caFile }, connector });

async function start(file: string): Promise<string> {
  adapter = await Adapter.create(await loadConfig(file, CATALOGUE), contractBook, createLog('ams', 'silent'));
  return adapter.start();
}

const names = (): unknown[] => webhook.bodies.map((body) => (body.data as { name: string }).name);

describe('an adapter on its inbox, over mutual TLS, with a real webhook', () => {
  it('brings every notification to the system in order, and tells the gateway', async () => {
    for (const key of ['A', 'B', 'A']) gateway.accept(key);
    await start(await configured({ kind: 'webhook', url: webhookUrl }));
    gateway.accept('B');
    await until(() => gateway.rows.every(({ state }) => state === 'TAKEN'));
    expect(names().sort()).toEqual(['A1', 'A2', 'B1', 'B2']);
    expect(webhook.bodies[0]).toMatchObject({ specversion: '1.0', source: 'urn:nld:oin:00000099000000000301:ind' });
    const content = server.seen.filter(({ path }) => path.endsWith('/content'));
    expect(content.every(({ headers, oin }) => headers['purpose-of-use'] === 'P03' && oin === AMS_OIN)).toBe(true);
  });

  it('tries a system again that fails at first, and delivers nothing twice after a restart', async () => {
    webhook.statuses.push(503, 500);
    gateway.accept('A');
    const file = await configured({ kind: 'webhook', url: webhookUrl });
    await start(file);
    await until(() => gateway.rows.every(({ state }) => state === 'TAKEN'));
    await adapter?.stop();
    gateway.accept('A');
    await start(file);
    await until(() => gateway.rows.every(({ state }) => state === 'TAKEN'));
    expect(names()).toEqual(['A1', 'A2']);
  });

  it('starts while the gateway is down, says so, and delivers when it comes back', async () => {
    gateway.accept('A');
    const file = await configured({ kind: 'webhook', url: webhookUrl });
    await server.close();
    const local = await start(file);
    const status = async (): Promise<Record<string, unknown>> => {
      const answer = await fetch(`${local}/status`, { headers: { authorization: `Bearer ${SECRET}` } });
      return (await answer.json()) as Record<string, unknown>;
    };
    expect(await status()).toMatchObject({ name: 'ams', gatewayReachable: false, takenSinceStart: 0 });
    await openGateway(Number(new URL(gatewayUrl).port));
    await until(() => names().length === 1);
    expect(await status()).toMatchObject({ gatewayReachable: true, takenSinceStart: 1 });
  });

  it('hands a message back that the system refuses, with the reason', async () => {
    webhook.statuses.push(422, 422);
    gateway.accept('A');
    await start(await configured({ kind: 'webhook', url: webhookUrl }));
    await until(() => gateway.rows[0]?.state === 'PARKED');
    expect(gateway.rows[0]?.failureCode).toBe('SYSTEM_REFUSED');
  });

  it('drops files for a system that picks them up', async () => {
    gateway.accept('A');
    const file = await configured({ kind: 'folder', path: 'drop' });
    await start(file);
    await until(() => gateway.rows.every(({ state }) => state === 'TAKEN'));
    const folder = join(file, '..', 'drop');
    const [name] = await readdir(folder);
    expect(JSON.parse(await readFile(join(folder, name ?? ''), 'utf8'))).toMatchObject({ data: { name: 'A1' } });
  });

  it('refuses to run twice on one state folder, or on a taken address, and says what to do', async () => {
    const file = await configured({ kind: 'folder', path: 'drop' });
    const local = await start(file);
    const second = Adapter.create(await loadConfig(file, CATALOGUE), contractBook, createLog('ams', 'silent'));
    await expect(second).rejects.toThrow('another adapter');
    const taken = await writeAgency(pki, { local: { port: Number(new URL(local).port) } });
    const third = await Adapter.create(await loadConfig(taken, CATALOGUE), contractBook, createLog('ams', 'silent'));
    await expect(third.start()).rejects.toThrow('EADDRINUSE');
    await third.stop();
  });

  it('gives nothing to a gateway that cannot prove who it is', async () => {
    gateway.accept('A');
    const file = await writeAgency(pki, {
      gateway: { url: gatewayUrl, ...pki.files('ams'), caFile: pki.officerCaFile },
      connector: { kind: 'webhook', url: webhookUrl },
    });
    await start(file);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.seen).toEqual([]);
  });
});
