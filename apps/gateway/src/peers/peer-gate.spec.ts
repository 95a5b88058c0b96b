import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DemoPki, ensureDemoPki, type PeerRequest } from '../../../../tools/pki/demo-pki.js';
import { issueForeignClient } from '../../../../tools/pki/foreign-ca.js';
import { KeptAlive } from '../../../../tools/pki/kept-alive.js';
import { openTestGate, type TestGate } from '../../../../tools/pki/test-gate.js';
import { clientOf, probe } from '../../../../tools/pki/tls-probe.js';
import type { RegisteredPeer } from './peer-register.js';

const AMS = '00000099000000000101';
const LETTERS = '00000099ABCdef000101';
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
const TITLE = 'Gemeente Amsterdam (proef)';
const NEVER = { received: '' };

let pki: DemoPki;
let peers: RegisteredPeer[] = [];
let gate: TestGate;

function registered(oin: string, ...names: string[]): RegisteredPeer {
  const thumbprints = names.map((name) => pki.thumbprint(name));
  return { oin, name: TITLE, kind: 'MUNICIPALITY', pilot: 'AMS', active: true, thumbprints };
}

const client = (name: string) => clientOf(pki.caFile, pki.files(name));
const bodyOf = (received: string) => received.split('\r\n').at(-1);
const answerTo = async (name: string) => bodyOf((await probe(gate.port, client(name))).received);
const issue = async (request: Omit<PeerRequest, 'title'>) => await pki.issuePeer({ title: TITLE, ...request });

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-gate-')));
}, 30_000);

beforeEach(async () => {
  peers = [registered(AMS, 'ams')];
  gate = await openTestGate(pki, () => peers);
});

afterEach(async () => await gate.close());

afterAll(async () => {
  await rm(pki.dir, { recursive: true });
});

describe.each(VERSIONS)('the gate over %s', (version) => {
  const only = { minVersion: version, maxVersion: version };

  it('C01: gives no byte of an answer without a certificate, and none to another authority', async () => {
    const foreign = await issueForeignClient(pki.dir);
    const known = await probe(gate.port, { ...client('ams'), ...only });
    expect(bodyOf(known.received)).toBe(AMS);
    expect(await probe(gate.port, { ...clientOf(pki.caFile), ...only })).toMatchObject(NEVER);
    expect(await probe(gate.port, { ...clientOf(pki.caFile, foreign), ...only })).toMatchObject(NEVER);
    expect(gate.answers).toEqual([AMS]);
  });

  it('C03: gives no byte of an answer to an expired certificate', async () => {
    await issue({ name: 'expired', oin: AMS, notBefore: new Date('2026-01-01T00:00:00Z'), days: 1 });
    peers = [registered(AMS, 'expired')];
    await gate.register.refresh();
    expect(await probe(gate.port, { ...client('expired'), ...only })).toMatchObject(NEVER);
    expect(gate.refusals()).toMatchObject([{ address: '127.0.0.1', reason: 'EXPIRED_CERTIFICATE', count: 1 }]);
  });

  it('C04: gives no byte of an answer to a key that is too weak', async () => {
    await issue({ name: 'weak', oin: AMS, keyType: 'RSA-2048' });
    peers = [registered(AMS, 'weak')];
    await gate.register.refresh();
    expect(await probe(gate.port, { ...client('weak'), ...only })).toMatchObject(NEVER);
    expect(gate.answers).toEqual([]);
    expect(gate.refusals()).toMatchObject([{ address: '127.0.0.1', reason: 'WEAK_KEY' }]);
  });
});

describe('who is calling', () => {
  it('C05: is the OIN in the subject, letters included', async () => {
    await issue({ name: 'letters', oin: LETTERS });
    peers = [registered(LETTERS, 'letters')];
    await gate.register.refresh();
    expect(await answerTo('letters')).toBe(LETTERS);
  });

  it.each([
    ['with 19 positions', '0000009900000000010'],
    ['with a space', '00000099 00000000101'],
    ['absent', undefined],
  ])('C05: is nobody when the OIN is %s', async (_case, oin) => {
    await issue({ name: 'malformed', ...(oin === undefined ? {} : { oin }) });
    peers = [registered(oin ?? AMS, 'malformed')];
    await gate.register.refresh();
    expect(await answerTo('malformed')).toBe('PEER_UNKNOWN');
  });

  it('is refused by name when unknown, inactive, or with a certificate of another', async () => {
    expect(await answerTo('ind')).toBe('PEER_UNKNOWN');
    peers = [{ ...registered(AMS, 'ams'), active: false }, registered('00000099000000000301', 'ams')];
    await gate.register.refresh();
    expect(await answerTo('ams')).toBe('PEER_INACTIVE');
    expect(await answerTo('ind')).toBe('CERTIFICATE_NOT_REGISTERED');
  });

  it('may overlap two certificates, and stops with the one that is taken off', async () => {
    await issue({ name: 'ams-next', oin: AMS });
    expect(await answerTo('ams-next')).toBe('CERTIFICATE_NOT_REGISTERED');
    peers = [registered(AMS, 'ams', 'ams-next')];
    await gate.register.refresh();
    expect([await answerTo('ams'), await answerTo('ams-next')]).toEqual([AMS, AMS]);
    peers = [registered(AMS, 'ams-next')];
    await gate.register.refresh();
    expect([await answerTo('ams'), await answerTo('ams-next')]).toEqual(['CERTIFICATE_NOT_REGISTERED', AMS]);
  });

  it('is never a person, not even one whose certificate carries the OIN and is registered', async () => {
    expect(await answerTo('fg-ams')).toBe('PERSON_CERTIFICATE');
    await issue({ name: 'fg-disguised', oin: AMS, authority: 'officers-ca' });
    peers = [registered(AMS, 'fg-disguised')];
    await gate.register.refresh();
    expect(await answerTo('fg-disguised')).toBe('PERSON_CERTIFICATE');
  });

  it('is judged anew at each request of a kept-alive connection', async () => {
    const connection = await KeptAlive.open(gate.port, client('ams'));
    expect(await connection.ask()).toBe(AMS);
    peers = [{ ...registered(AMS, 'ams'), active: false }];
    await gate.register.refresh();
    expect(await connection.ask()).toBe('PEER_INACTIVE');
    peers = [registered(AMS, 'ams')];
    await gate.register.refresh();
    expect(await connection.ask()).toBe(AMS);
    connection.close();
  });
});
