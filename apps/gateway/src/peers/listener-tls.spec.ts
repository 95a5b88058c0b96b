import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverTlsOptions } from '#identity/tls-options.js';
import { readTrustAnchors } from '#identity/trust-anchors.js';
import { type DemoPki, ensureDemoPki } from '../../../../tools/pki/demo-pki.js';
import { issueForeignClient } from '../../../../tools/pki/foreign-ca.js';
import { KeptAlive } from '../../../../tools/pki/kept-alive.js';
import { openTestGate, type TestGate } from '../../../../tools/pki/test-gate.js';
import { clientOf, probe } from '../../../../tools/pki/tls-probe.js';
import { OwnTicketKeys } from './ticket-keys.js';

const OIN = '00000099000000000101';
const LOOPBACK = { dns: ['localhost'], ip: ['127.0.0.1'] };

let pki: DemoPki;
let gate: TestGate;

const client = () => clientOf(pki.caFile, pki.files('ams'));
const bodyOf = (received: string) => received.split('\r\n').at(-1);

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-listener-')));
  const peer = { oin: OIN, name: 'Proef', kind: 'MUNICIPALITY', pilot: 'AMS', active: true } as const;
  gate = await openTestGate(pki, () => [{ ...peer, thumbprints: [pki.thumbprint('ams')] }]);
}, 30_000);

afterAll(async () => {
  await gate.close();
  await rm(pki.dir, { recursive: true });
});

describe('ticket keys', () => {
  it('are new by the clock and when asked, until closed', async () => {
    const keys = new OwnTicketKeys(5);
    const seen: string[] = [keys.current().toString('hex')];
    const stop = keys.onChange((key) => seen.push(key.toString('hex')));
    while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    keys.renew();
    expect(seen.at(-1)).toBe(keys.current().toString('hex'));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.every((key) => key.length === 96)).toBe(true);
    stop();
    const { length } = seen;
    keys.renew();
    expect(seen).toHaveLength(length);
    keys.close();
  });

  it('let a session resume until they are renewed', async () => {
    const first = await probe(gate.port, client());
    const second = await probe(gate.port, { ...client(), session: first.session });
    expect(second).toMatchObject({ resumed: true });
    gate.ticketKeys.renew();
    expect(await probe(gate.port, { ...client(), session: second.session })).toMatchObject({ resumed: false });
  });
});

describe('a certificate replaced while the gate listens', () => {
  it('is shown to whoever comes after; who is there stays, and a ticket from before is worthless', async () => {
    const before = await probe(gate.port, client());
    const kept = await KeptAlive.open(gate.port, client());
    expect(await kept.ask()).toBe(OIN);
    const next = await pki.issuePeer({ name: 'gateway-next', title: 'Proef', hosts: LOOPBACK });
    gate.tls.replace(await serverTlsOptions({ ...next, caFiles: [pki.caFile, pki.officerCaFile] }));
    expect(await kept.ask()).toBe(OIN);
    const after = await probe(gate.port, { ...client(), session: before.session });
    expect(after.resumed).toBe(false);
    expect(bodyOf(after.received)).toBe(OIN);
    expect(after.serverThumbprint).toBe(pki.thumbprint('gateway-next'));
    // The keys of the new context are those that everybody else knows.
    expect(await probe(gate.port, { ...client(), session: after.session })).toMatchObject({ resumed: true });
    kept.close();
  });

  it('keeps what a listener demands: no certificate, no answer; no older version', async () => {
    expect((await probe(gate.port, clientOf(pki.caFile))).received).toBe('');
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect((await probe(gate.port, { ...client(), ...old })).received).toBe('');
  });
});

describe('authorities replaced while the gate listens', () => {
  it('end the connections of the one that is trusted no longer, and of no other', async () => {
    const anchors = await readTrustAnchors([pki.caFile, pki.officerCaFile]);
    const officer = await KeptAlive.open(gate.port, clientOf(pki.caFile, pki.files('fg-ams')));
    const system = await KeptAlive.open(gate.port, client());
    expect(await officer.ask()).toBe('PERSON_CERTIFICATE');
    expect(await system.ask()).toBe(OIN);
    await gate.revocation.trust(anchors.slice(0, 1));
    await officer.closed;
    expect(await system.ask()).toBe(OIN);
    system.close();
    await gate.revocation.trust(anchors);
  });

  it('are taken with their list: without one nobody vouches for their certificates', async () => {
    const foreign = await issueForeignClient(pki.dir);
    const { certFile, keyFile } = pki.files('gateway');
    const caFiles = [pki.caFile, pki.officerCaFile, foreign.caFile];
    gate.tls.replace(await serverTlsOptions({ certFile, keyFile, caFiles }));
    await gate.revocation.trust(await readTrustAnchors(caFiles));
    const answer = await probe(gate.port, clientOf(pki.caFile, foreign));
    expect(bodyOf(answer.received)).toBe('REVOCATION_STATUS_UNKNOWN');
    expect(bodyOf((await probe(gate.port, client())).received)).toBe(OIN);
  });
});
