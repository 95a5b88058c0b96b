import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoPki, ensureDemoPki } from '../../../tools/pki/demo-pki.js';
import { issueForeignClient } from '../../../tools/pki/foreign-ca.js';
import { clientOf, probe } from '../../../tools/pki/tls-probe.js';
import { clientTlsOptions, serverTlsOptions } from './tls-options.js';

const CBC = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' } as const;
const OLD = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

let pki: DemoPki;
let strict: Server;
let lax: Server;

const files = () => ({ ...pki.files('gateway'), caFiles: [pki.caFile] });
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const client = (extra: ConnectionOptions = {}) => ({ ...clientOf(pki.caFile, pki.files('ams')), ...extra });

async function listen(options: Parameters<typeof createHttpsServer>[0]): Promise<Server> {
  const server = createHttpsServer(options, (_request, response) => response.end('answer'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-tls-')));
  strict = await listen(await serverTlsOptions(files()));
  // The control: what the strict server refuses, a server without our rules accepts from the same client.
  const { certFile, keyFile } = pki.files('gateway');
  lax = await listen({
    cert: await readFile(certFile),
    key: await readFile(keyFile),
    minVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
}, 30_000);

afterAll(async () => {
  for (const server of [strict, lax]) server.close();
  await rm(pki.dir, { recursive: true });
});

describe('TLS of a server', () => {
  it('C02: chooses TLS 1.3 with a good suite when both offer it', async () => {
    const seen = await probe(portOf(strict), client());
    expect(seen).toMatchObject({ protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' });
    expect(seen.received).toContain('answer');
  });

  it('C02: serves TLS 1.2 with ECDHE and AEAD, in its own order of preference', async () => {
    const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384';
    const seen = await probe(portOf(strict), client({ maxVersion: 'TLSv1.2', ciphers }));
    expect(seen).toMatchObject({ protocol: 'TLSv1.2', cipher: 'ECDHE-ECDSA-AES256-GCM-SHA384' });
    expect(seen.received).toContain('answer');
  });

  it.each([
    ['TLS 1.1', OLD],
    ['a CBC suite', CBC],
  ])('C02: refuses %s', async (_case, offer) => {
    expect((await probe(portOf(lax), client(offer))).received).toContain('answer');
    const seen = await probe(portOf(strict), client(offer));
    expect(seen.received).toBe('');
    expect(seen.error).toMatch(/ALERT/);
  });

  it('C02: sets the version itself, so that no suite or flag of Node can bring TLS 1.1 back', async () => {
    const versions = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' };
    expect(await serverTlsOptions(files())).toMatchObject(versions);
    expect(await clientTlsOptions(files())).toMatchObject(versions);
  });

  it('C02: does not renegotiate at the wish of a client', async () => {
    const refused = await new Promise<Error | null>((resolve) => {
      const socket = connect({ ...client({ maxVersion: 'TLSv1.2' }), port: portOf(strict) }, () => {
        socket.renegotiate({}, (error) => {
          resolve(error);
          socket.destroy();
        });
      });
      socket.on('error', resolve);
    });
    expect(refused).toMatchObject({ code: expect.stringMatching(/NO_RENEGOTIATION/) });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'C01: gives no byte of an answer over %s without a certificate, or with one of another authority',
    async (version) => {
      const only = { minVersion: version, maxVersion: version };
      const foreign = await issueForeignClient(pki.dir);
      expect((await probe(portOf(strict), client(only))).received).toContain('answer');
      expect((await probe(portOf(strict), { ...clientOf(pki.caFile), ...only })).received).toBe('');
      expect((await probe(portOf(strict), { ...clientOf(pki.caFile, foreign), ...only })).received).toBe('');
    },
  );
});

describe('TLS of a client', () => {
  it('shows its certificate and verifies the server', async () => {
    const own = { ...pki.files('ams'), caFiles: [pki.caFile] };
    const address = { host: '127.0.0.1', servername: 'localhost' };
    expect((await probe(portOf(strict), { ...(await clientTlsOptions(own)), ...address })).received).toContain(
      'answer',
    );
    const stranger = await issueForeignClient(pki.dir);
    const misled = await clientTlsOptions({ ...own, caFiles: [stranger.caFile] });
    expect(await probe(portOf(strict), { ...misled, ...address })).toMatchObject({ received: '', protocol: null });
  });
});

describe('start-up check of the own certificate', () => {
  it('C04: refuses an RSA key of 2048 bits', async () => {
    const weak = await pki.issuePeer({ name: 'weak', title: 'Proef', keyType: 'RSA-2048' });
    await expect(serverTlsOptions({ ...weak, caFiles: [pki.caFile] })).rejects.toMatchObject({ code: 'KEY_TOO_WEAK' });
  });

  it('refuses an expired certificate and one that is not valid yet', async () => {
    const year = 366 * 86_400_000;
    await expect(serverTlsOptions(files(), Date.now() + year)).rejects.toMatchObject({ code: 'CERTIFICATE_EXPIRED' });
    const early = serverTlsOptions(files(), Date.now() - year);
    await expect(early).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_YET_VALID' });
  });

  it('refuses the key of another certificate', async () => {
    const mixed = { ...files(), keyFile: pki.files('ind').keyFile };
    await expect(serverTlsOptions(mixed)).rejects.toMatchObject({ code: 'KEY_MISMATCH' });
  });

  it('refuses a key that the group can read', async () => {
    const exposed = await pki.issuePeer({ name: 'exposed', title: 'Proef' });
    await chmod(exposed.keyFile, 0o640);
    const refused = serverTlsOptions({ ...exposed, caFiles: [pki.caFile] });
    await expect(refused).rejects.toMatchObject({ code: 'KEY_FILE_EXPOSED' });
  });

  it('names the missing file', async () => {
    const missing = serverTlsOptions({ ...files(), caFiles: [join(pki.dir, 'none.crt')] });
    await expect(missing).rejects.toMatchObject({
      code: 'FILE_MISSING',
      detail: expect.stringContaining('none.crt'),
    });
  });
});
