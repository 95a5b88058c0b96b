import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { serverTlsOptions } from '#identity/tls-options.js';
import { type DemoPki, ensureDemoPki } from '../../../../tools/pki/demo-pki.js';
import { issueForeignClient } from '../../../../tools/pki/foreign-ca.js';
import { clientOf, probe } from '../../../../tools/pki/tls-probe.js';
import { type HandshakeRefusal, HandshakeRefusals } from './handshake-refusals.js';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-22T10:00:05Z');

let now = START;
let sunk: HandshakeRefusal[] = [];
let refusals: HandshakeRefusals;

function open(maxEntries?: number): HandshakeRefusals {
  now = START;
  sunk = [];
  refusals = new HandshakeRefusals({
    sink: (entries) => void sunk.push(...entries),
    now: () => now,
    ...(maxEntries === undefined ? {} : { maxEntries }),
  });
  return refusals;
}

afterEach(() => refusals.close());

describe('counting refused handshakes', () => {
  it('makes one entry per address, reason and minute, and hands it over once, when the minute is over', () => {
    open();
    for (let i = 0; i < 3; i += 1) refusals.record('192.0.2.1', 'NO_CERTIFICATE');
    refusals.record('192.0.2.1', 'REVOKED_CERTIFICATE');
    refusals.record('192.0.2.2', 'NO_CERTIFICATE');
    refusals.flush();
    expect(sunk).toEqual([]);
    now += MINUTE_MS;
    refusals.record('192.0.2.1', 'NO_CERTIFICATE');
    refusals.flush();
    const minute = new Date('2026-11-22T10:00:00Z');
    expect(sunk).toEqual([
      { address: '192.0.2.1', reason: 'NO_CERTIFICATE', minute, count: 3 },
      { address: '192.0.2.1', reason: 'REVOKED_CERTIFICATE', minute, count: 1 },
      { address: '192.0.2.2', reason: 'NO_CERTIFICATE', minute, count: 1 },
    ]);
    refusals.flush();
    expect(sunk).toHaveLength(3);
  });

  it('hands over the running minute when it closes, and waits until the sink has it', async () => {
    let written = 0;
    const slow = async (entries: readonly HandshakeRefusal[]): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      written += entries.length;
    };
    const closing = new HandshakeRefusals({ sink: slow, now: () => now });
    closing.record('192.0.2.1', 'OTHER');
    now += 60_000;
    closing.flush();
    closing.record('192.0.2.2', 'OTHER');
    await closing.close();
    expect(written).toBe(2);
  });

  it('holds a flood of addresses in bounded memory without losing the count', async () => {
    open(10);
    for (let i = 0; i < 5_000; i += 1) refusals.record(`2001:db8::${i.toString(16)}`, 'NO_CERTIFICATE');
    refusals.record('2001:db8::0', 'NO_CERTIFICATE');
    await refusals.close();
    expect(sunk).toHaveLength(11);
    expect(sunk.reduce((sum, entry) => sum + entry.count, 0)).toBe(5_001);
    expect(sunk.find((entry) => entry.address === 'other')?.count).toBe(4_990);
    expect(sunk.find((entry) => entry.address === '2001:db8::0')?.count).toBe(2);
  });
});

describe('handshakes that a server refuses', () => {
  let pki: DemoPki;
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-refusals-')));
    const tls = await serverTlsOptions({ ...pki.files('gateway'), caFiles: [pki.caFile] });
    server = createServer({ ...tls, handshakeTimeout: 200 }, (_request, response) => response.end());
    open().attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  }, 30_000);

  afterAll(async () => {
    server.close();
    await rm(pki.dir, { recursive: true });
  });

  it('are counted with the address of the caller and the true reason', async () => {
    const foreign = await issueForeignClient(pki.dir);
    const past = { notBefore: new Date('2026-01-01T00:00:00Z'), days: 1 };
    const expired = await pki.issuePeer({ name: 'expired', title: 'Proef', ...past });
    await probe(port, clientOf(pki.caFile));
    await probe(port, { ...clientOf(pki.caFile), maxVersion: 'TLSv1.2' });
    await probe(port, clientOf(pki.caFile, foreign));
    await probe(port, clientOf(pki.caFile, expired));
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await probe(port, { ...clientOf(pki.caFile, pki.files('ams')), ...old });
    const cbc = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' } as const;
    await probe(port, { ...clientOf(pki.caFile, pki.files('ams')), ...cbc });
    await plain(port, 'GET / HTTP/1.1\r\n\r\n');
    await plain(port, '');
    await probe(port, clientOf(pki.caFile, pki.files('ams')));
    await refusals.close();
    const counts = Object.fromEntries(sunk.map((entry) => [entry.reason, entry.count]));
    expect(new Set(sunk.map((entry) => entry.address))).toEqual(new Set(['127.0.0.1']));
    expect(counts).toEqual({
      NO_CERTIFICATE: 2,
      UNTRUSTED_CERTIFICATE: 1,
      EXPIRED_CERTIFICATE: 1,
      PROTOCOL_OR_CIPHER: 3,
      HANDSHAKE_TIMEOUT: 1,
    });
  });
});

/** Speaks TCP without TLS, and waits until the server hangs up. */
async function plain(port: number, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
