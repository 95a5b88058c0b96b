import { chmod, copyFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { GATEWAY_OIN } from '../tools/demo/roster.js';
import type { PeerRequest } from '../tools/pki/demo-pki.js';
import { KeptAlive } from '../tools/pki/kept-alive.js';
import { clientOf, probe } from '../tools/pki/tls-probe.js';
import { AdapterProcess } from './support/adapter-process.js';
import { CaseSteps, type OpenCase } from './support/case-steps.js';
import { RecordingSystem } from './support/recording-system.js';
import { sharedKafka, type SharedKafka } from './support/shared-kafka.js';
import { SteadyLoad } from './support/steady-load.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

jest.setTimeout(120_000);
/** Files are looked at every second and taken when they stand still, the register every five; a busy machine gets more. */
const SOON_MS = 60_000;
const LOOPBACK = { dns: ['localhost'], ip: ['127.0.0.1'] };
const SERVER = { name: 'listener', oin: GATEWAY_OIN, title: 'Ketenpoort (proef)', hosts: LOOPBACK };

interface Receiver {
  readonly name: 'rot' | 'gro';
  readonly system: RecordingSystem;
  readonly adapter: AdapterProcess;
}

let kafka: SharedKafka;
let world: World;
let steps: CaseSteps;
let ports: { readonly agency: number; readonly public: number };
let load: SteadyLoad;
let receivers: readonly Receiver[] = [];

const issue = (request: Partial<PeerRequest>) => world.pki.issuePeer({ ...SERVER, ...request });
const issueClient = (name: string, owner: string) => {
  const { oin, title } = peer(owner);
  return world.pki.issuePeer({ name, oin, title });
};
const client = (name: string) => clientOf(world.pki.caFile, world.pki.files(name));
const shown = async (port: number): Promise<string | undefined> => (await probe(port, client('coa'))).serverThumbprint;

beforeAll(async () => {
  kafka = await sharedKafka();
  // Its own copy of the certificates: they are replaced here, and other stories use the broker as well.
  world = await World.open();
  const listener = await issue({});
  const broker = await issue({ name: 'gateway-kafka' });
  const gateway = await world.startGateway({
    ...kafka.environment,
    TLS_CERT_FILE: listener.certFile,
    TLS_KEY_FILE: listener.keyFile,
    KAFKA_CERT_FILE: broker.certFile,
    KAFKA_KEY_FILE: broker.keyFile,
    KAFKA_CA_FILE: world.pki.caFile,
    LOG_LEVEL: 'info',
  });
  ports = { agency: Number(new URL(gateway.url).port), public: Number(new URL(gateway.publicUrl).port) };
  steps = new CaseSteps(world);
  const cases: OpenCase[] = [];
  for (const name of ['rot', 'gro'] as const) cases.push(await steps.admitted(name));
  receivers = [await receiver('rot', kafka.brokers), await receiver('gro')];
  load = new SteadyLoad(world, ports.agency, cases);
});

afterAll(async () => {
  await load?.stop();
  steps?.close();
  for (const { adapter, system } of receivers) {
    await adapter.stop();
    await system.close();
  }
  await world?.close();
});

async function receiver(name: Receiver['name'], brokers?: readonly string[]): Promise<Receiver> {
  const system = await RecordingSystem.listen();
  const options = { name, webhookUrl: system.url, logLevel: 'info', ...(brokers && { brokers }) };
  const adapter = new AdapterProcess(world, options);
  await adapter.start();
  return { name, system, adapter };
}

async function register(name: string, owner: string): Promise<void> {
  const values = [world.pki.thumbprint(name), peer(owner).oin, name];
  await world.rows('INSERT INTO peer_certificate (thumbprint, oin, label) VALUES ($1, $2, $3)', values);
}

async function deactivate(thumbprint: string): Promise<void> {
  await world.rows('UPDATE peer_certificate SET active = false WHERE thumbprint = $1', [thumbprint]);
}

/** How often this system arrived with something new since now, `times` more. */
async function goesOn({ name, system }: Receiver, times = 5): Promise<void> {
  const before = system.arrivals.length;
  await until(`${name} goes on`, SOON_MS, () => system.arrivals.length >= before + times);
}

const inbox = async (name: string): Promise<object> => (await world.as(name).get('/v1/inbox?limit=1')).body as object;

describe('the certificate of the gateway, replaced under load', () => {
  it('is shown to whoever connects from then on, on both listeners; who is connected stays', async () => {
    const kept = await KeptAlive.open(ports.agency, client('coa'));
    await kept.ask();
    const before = await shown(ports.agency);
    await issue({});
    const next = world.pki.thumbprint('listener');
    expect(before).not.toBe(next);
    await until('the new certificate', SOON_MS, async () => (await shown(ports.agency)) === next);
    await until('the new certificate for the public', SOON_MS, async () => (await shown(ports.public)) === next);
    expect(JSON.parse(await kept.ask())).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
    kept.close();
    for (const one of receivers) await goesOn(one);
  });

  it.each([
    ['KEY_MISMATCH', async () => copyFile(world.pki.files('ind').keyFile, world.pki.files('listener').keyFile)],
    ['CERTIFICATE_EXPIRED', () => issue({ notBefore: new Date('2026-01-01T00:00:00Z'), days: 1 })],
    ['CERTIFICATE_WRONG_NAME', () => issue({ hosts: { dns: ['elders.example'], ip: [] } })],
    ['KEY_TOO_WEAK', () => issue({ keyType: 'RSA-2048' })],
    ['KEY_FILE_EXPOSED', async () => chmod((await issue({})).keyFile, 0o644)],
  ] as const)('C04 is refused with an alarm when it would fail (%s), and the one in use stays', async (code, spoil) => {
    const before = await shown(ports.agency);
    await spoil();
    await until(`the alarm ${code}`, SOON_MS, () => world.logs().includes(`"code":"${code}"`));
    expect(await shown(ports.agency)).toBe(before);
    expect(await shown(ports.public)).toBe(before);
  });

  it('is taken as soon as the files are right', async () => {
    await issue({ keyType: 'RSA-3072' });
    const next = world.pki.thumbprint('listener');
    await until('the right certificate', SOON_MS, async () => (await shown(ports.agency)) === next);
  });

  it('is another one towards Kafka, taken over without a message lost', async () => {
    await issue({ name: 'gateway-kafka' });
    await until('the producer has read it', SOON_MS, () =>
      world.logs().includes('Kafka goes on with a new certificate'),
    );
    for (const one of receivers) await goesOn(one);
  });
});

describe('the certificate of an agency, replaced under load', () => {
  it('overlaps with the one before, which ends with the register', async () => {
    await issueClient('ind-next', 'ind');
    expect(await inbox('ind-next')).toMatchObject({ code: 'CERTIFICATE_NOT_REGISTERED' });
    await register('ind-next', 'ind');
    await until('both are known', SOON_MS, async () => 'items' in (await inbox('ind-next')));
    expect(await inbox('ind')).toHaveProperty('items');
    load.useCertificate('ind-next');
    const kept = steps.as('ind');
    expect((await kept.call('GET', '/v1/inbox?limit=1')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await deactivate(world.pki.thumbprint('ind'));
    await until('the old one ended', SOON_MS, async () => (await kept.call('GET', '/v1/inbox?limit=1')).status === 403);
    expect(await inbox('ind-next')).toHaveProperty('items');
  });

  it.each([0, 1])('is taken over by its running adapter, for HTTPS and for Kafka (receiver %s)', async (index) => {
    const one = receivers[index];
    if (!one) throw new Error('no such receiver');
    const { name, adapter } = one;
    const old = world.pki.thumbprint(name);
    // A pair that does not belong together first: an alarm, and work goes on.
    await copyFile(world.pki.files('coa').keyFile, world.pki.files(name).keyFile);
    await until('the alarm', SOON_MS, () => adapter.log().includes('"code":"KEY_MISMATCH"'));
    await goesOn(one);
    const next = await issueClient(`${name}-next`, name);
    await register(`${name}-next`, name);
    await copyFile(next.certFile, world.pki.files(name).certFile);
    await copyFile(next.keyFile, world.pki.files(name).keyFile);
    const seen = ['new connections to the gateway have the new certificate'];
    if (name === 'rot') seen.push('consuming from Kafka starts again with a new certificate');
    await until('it is in use', SOON_MS, () => seen.every((line) => adapter.log().includes(line)));
    await deactivate(old);
    const { oin } = peer(name);
    const uses = async () =>
      await world.rows(
        `SELECT 1 FROM access_record WHERE peer_oin = $1 AND convert_from(canonical, 'UTF8') LIKE $2 LIMIT 1`,
        [oin, `%${world.pki.thumbprint(name)}%`],
      );
    await until('records name the new certificate', SOON_MS, async () => (await uses()).length > 0);
    await goesOn(one);
  });
});

describe('the certificate of an officer, replaced', () => {
  it('overlaps with the one before, which ends with the register', async () => {
    const status = async (name: string) => (await world.as(name).get('/v1/access-grants')).status;
    await world.pki.issuePeer({ name: 'fg-next', title: peer('ind').title, authority: 'officers-ca' });
    expect(await status('fg-next')).toBe(403);
    await world.rows(
      `INSERT INTO officer (thumbprint, name, organisation_oin, role)
       SELECT $1, name, organisation_oin, role FROM officer WHERE thumbprint = $2`,
      [world.pki.thumbprint('fg-next'), world.pki.thumbprint('fg-ind')],
    );
    await until('both are known', SOON_MS, async () => (await status('fg-next')) === 200);
    expect(await status('fg-ind')).toBe(200);
    await world.rows('UPDATE officer SET active = false WHERE thumbprint = $1', [world.pki.thumbprint('fg-ind')]);
    await until('the old one ended', SOON_MS, async () => (await status('fg-ind')) === 403);
    expect(await status('fg-next')).toBe(200);
  });
});

describe('after all of it', () => {
  it('no client saw an error, and nothing was lost, doubled in effect or out of order', async () => {
    await load.stop();
    expect(load.problems).toEqual([]);
    expect(load.handshakes).toBeGreaterThan(20);
    const outstanding = `SELECT 1 FROM delivery WHERE recipient_oin = ANY($1) AND state <> 'TAKEN'`;
    const owners = receivers.map(({ name }) => peer(name).oin);
    await until('every delivery is taken', SOON_MS, async () => (await world.rows(outstanding, [owners])).length === 0);
    for (const [caseId, sent] of load.accepted) {
      const effects = receivers.flatMap(({ system }) => system.effects());
      const ids = effects.filter((one) => one.caseid === caseId && sent.includes(one.id)).map(({ id }) => id);
      // A part that a newer version has replaced before it was fetched is handed over as that version, once.
      expect(ids).toEqual(sent.filter((id) => ids.includes(id)));
      expect(ids.at(-1)).toBe(sent.at(-1));
      expect(ids.length).toBeGreaterThan(20);
    }
  });
});
