import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RevocationStatus } from '#identity/revocation-set.js';
import { type DemoPki, ensureDemoPki } from '../../../../tools/pki/demo-pki.js';
import { KeptAlive } from '../../../../tools/pki/kept-alive.js';
import { openTestGate, type TestGate, type TestGateOptions } from '../../../../tools/pki/test-gate.js';
import { clientOf, probe } from '../../../../tools/pki/tls-probe.js';
import type { RegisteredPeer } from './peer-register.js';

const DAY_MS = 86_400_000;
const OIN = '00000099000000000101';
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

let pki: DemoPki;
let gate: TestGate;

const client = () => clientOf(pki.caFile, pki.files('caller'));
const bodyOf = (received: string) => received.split('\r\n').at(-1);
const caller = (): RegisteredPeer => {
  const thumbprints = [pki.thumbprint('caller')];
  return { oin: OIN, name: 'Proef', kind: 'MUNICIPALITY', pilot: 'AMS', active: true, thumbprints };
};

async function open(options: TestGateOptions = {}): Promise<void> {
  gate = await openTestGate(pki, () => [caller()], options);
}

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-gate-crl-')));
}, 30_000);

beforeEach(async () => {
  await pki.issuePeer({ name: 'caller', oin: OIN, title: 'Proef' });
  await pki.writeCrl();
});

afterEach(async () => await gate.close());

afterAll(async () => {
  await rm(pki.dir, { recursive: true });
});

describe.each(VERSIONS)('a certificate revoked, over %s', (version) => {
  const only = { minVersion: version, maxVersion: version };

  it('C03: gets no byte of an answer on a new connection', async () => {
    await open();
    expect(bodyOf((await probe(gate.port, { ...client(), ...only })).received)).toBe(OIN);
    await pki.revoke('caller');
    await gate.revocation.poll();
    expect((await probe(gate.port, { ...client(), ...only })).received).toBe('');
    expect(gate.answers).toEqual([OIN]);
    expect(gate.refusals()).toMatchObject([{ address: '127.0.0.1', reason: 'REVOKED_CERTIFICATE', count: 1 }]);
  });

  it('C03: stops at once on a kept-alive connection, idle or not, and leaves others alone', async () => {
    await open();
    const bystander = await KeptAlive.open(gate.port, { ...clientOf(pki.caFile, pki.files('ams')), ...only });
    const connection = await KeptAlive.open(gate.port, { ...client(), ...only });
    expect(await connection.ask()).toBe(OIN);
    await pki.revoke('caller');
    await gate.revocation.poll();
    await connection.closed;
    expect(await connection.ask()).toBe('');
    expect(await bystander.ask()).toBe('CERTIFICATE_NOT_REGISTERED');
    bystander.close();
  });

  it('C03: does not come back on a resumed session, because its ticket is worthless', async () => {
    await open();
    const first = await probe(gate.port, { ...client(), ...only });
    const again = await probe(gate.port, { ...client(), ...only, session: first.session });
    expect(again).toMatchObject({ resumed: true });
    expect(bodyOf(again.received)).toBe(OIN);
    await pki.revoke('caller');
    await gate.revocation.poll();
    const session = again.session ?? first.session;
    expect((await probe(gate.port, { ...client(), ...only, session })).received).toBe('');
    expect(gate.resumed).toEqual([false, true, false]);
    expect(gate.answers).toEqual([OIN, OIN]);
  });

  it('C03: is refused on a session that does resume, as another process with the same ticket keys would see', async () => {
    let status: RevocationStatus = 'good';
    await open({ asked: { statusOf: () => status, track: () => undefined } });
    const { session } = await probe(gate.port, { ...client(), ...only });
    status = 'revoked';
    expect((await probe(gate.port, { ...client(), ...only, session })).received).toBe('');
    expect(gate.resumed).toEqual([false, true]);
    expect(gate.answers).toEqual([OIN]);
  });

  it('C03: likewise when it expired since the session began', async () => {
    let now = Date.now();
    await open({ now: () => now, stale: 'alarm' });
    const { session } = await probe(gate.port, { ...client(), ...only });
    now += 400 * DAY_MS;
    expect((await probe(gate.port, { ...client(), ...only, session })).received).toBe('');
    expect(gate.resumed).toEqual([false, true]);
    expect(gate.answers).toEqual([OIN]);
  });
});

describe('a stale revocation list', () => {
  const past = () => ({ thisUpdate: new Date(Date.now() - 2 * DAY_MS), nextUpdate: new Date(Date.now() - DAY_MS) });

  it('C03: refuses every request under `refuse`, and lets them in again with a fresh list', async () => {
    await pki.writeCrl(past());
    await open({ stale: 'refuse' });
    const connection = await KeptAlive.open(gate.port, client());
    expect(await connection.ask()).toBe('REVOCATION_STATUS_UNKNOWN');
    expect(gate.alarms).toMatchObject([{ kind: 'CRL_STALE' }]);
    await pki.writeCrl();
    await gate.revocation.poll();
    expect(await connection.ask()).toBe(OIN);
    connection.close();
  });

  it('C03: is an alarm and no more under `alarm`, but whom it lists stays out', async () => {
    await pki.writeCrl(past());
    await open({ stale: 'alarm' });
    expect(bodyOf((await probe(gate.port, client())).received)).toBe(OIN);
    expect(gate.alarms).toMatchObject([{ kind: 'CRL_STALE' }]);
    await pki.revoke('caller');
    await pki.writeCrl(past());
    await gate.revocation.poll();
    expect((await probe(gate.port, client())).received).toBe('');
  });
});

it('C03: a certificate that expires while its connection is open is refused at the next request', async () => {
  let now = Date.now();
  await open({ now: () => now, stale: 'alarm' });
  const connection = await KeptAlive.open(gate.port, client());
  expect(await connection.ask()).toBe(OIN);
  now += 400 * DAY_MS;
  expect(await connection.ask()).toBe('CERTIFICATE_EXPIRED');
  connection.close();
});
