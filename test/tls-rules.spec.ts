import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { GATEWAY_OIN } from '../tools/demo/roster.js';
import { createAuthority } from '../tools/pki/authority.js';
import type { PeerRequest } from '../tools/pki/demo-pki.js';
import { issueForeignClient } from '../tools/pki/foreign-ca.js';
import { offer, type Agreed } from '../tools/pki/server-hello.js';
import { clientOf, probe } from '../tools/pki/tls-probe.js';
import { FALLBACK_SIGNAL, groupsOf, suitesOf } from './support/tls-sweep.js';
import { until } from './support/until.js';
import { peer, World } from './support/world.js';

jest.setTimeout(60_000);
const SOON_MS = 30_000;
const [SSL_3, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3] = [0x0300, 0x0301, 0x0302, 0x0303, 0x0304];
const ALERTS = { handshakeFailure: 40, protocolVersion: 70, inappropriateFallback: 86 };
/** NCSC 2025: "good", then "sufficient", in our order of preference. */
const SUITES_1_3 = [0x1302, 0x1303, 0x1301];
const SUITES_1_2 = { ECDSA: [0xc02c, 0xcca9, 0xc02b], RSA: [0xc030, 0xcca8, 0xc02f] };
const GROUPS = { x25519: 0x001d, 'P-256': 0x0017, 'P-384': 0x0018, 'P-521': 0x0019 };
const SHA_256_AND_BETTER = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601];
const LISTENERS = ['agency', 'public'] as const;
const ascending = (codes: readonly number[]): number[] => [...codes].sort((a, b) => a - b);

let world: World;
let ports: Readonly<Record<(typeof LISTENERS)[number], number>>;

const listener = (request: Partial<PeerRequest> = {}) =>
  world.pki.issuePeer({
    name: 'listener',
    oin: GATEWAY_OIN,
    title: 'Ketenpoort (proef)',
    hosts: { dns: ['localhost'], ip: ['127.0.0.1'] },
    ...request,
  });

beforeAll(async () => {
  world = await World.open();
  const { certFile, keyFile } = await listener();
  const gateway = await world.startGateway({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile });
  ports = { agency: Number(new URL(gateway.url).port), public: Number(new URL(gateway.publicUrl).port) };
});
afterAll(() => world?.close());

const client = (extra: ConnectionOptions = {}) => ({ ...clientOf(world.pki.caFile, world.pki.files('ind')), ...extra });

async function agreed(port: number, offered: Parameters<typeof offer>[1]): Promise<Agreed> {
  const answer = await offer(port, offered);
  if (answer.refused) throw new Error(`refused with alert ${answer.alert}`);
  return answer;
}

describe.each(LISTENERS)('the %s listener', (name) => {
  const both = [...SUITES_1_3, ...SUITES_1_2.ECDSA];

  it('C02 [NCSC good] chooses TLS 1.3 when both offer it, and the strongest suite', async () => {
    const versions = [TLS_1_3, TLS_1_2, TLS_1_1, TLS_1_0];
    expect(await agreed(ports[name], { versions, suites: [...both].reverse() })).toMatchObject({
      version: TLS_1_3,
      suite: SUITES_1_3[0],
      compression: 0,
    });
  });

  it('C02 [NCSC sufficient] serves TLS 1.2, with the strongest suite of both', async () => {
    const suites = [...SUITES_1_2.ECDSA].reverse();
    expect(await agreed(ports[name], { versions: [TLS_1_2], suites })).toMatchObject({
      version: TLS_1_2,
      suite: SUITES_1_2.ECDSA[0],
    });
  });

  it.each([
    ['SSL 3', SSL_3],
    ['TLS 1.0', TLS_1_0],
    ['TLS 1.1', TLS_1_1],
  ])('C02 [NCSC insufficient] refuses %s, whatever the suites', async (_version, version) => {
    const suites = Array.from({ length: 255 }, (_, code) => code).concat(SUITES_1_2.ECDSA, [0xc009, 0xc00a, 0xc013]);
    const answer = await offer(ports[name], { versions: [version], suites });
    expect(answer).toMatchObject({ refused: true });
    expect([ALERTS.protocolVersion, ALERTS.handshakeFailure]).toContain(answer.refused ? answer.alert : null);
  });

  it('C02 refuses a client that was talked down to TLS 1.2 although both have TLS 1.3', async () => {
    const suites = [...SUITES_1_2.ECDSA, FALLBACK_SIGNAL];
    const answer = await offer(ports[name], { versions: [TLS_1_2], suites });
    expect(answer).toEqual({ refused: true, alert: ALERTS.inappropriateFallback });
  });

  it.each([
    [
      'insufficient',
      'no encryption, and nobody authenticated',
      [0x0001, 0x0002, 0x003b, 0x0034, 0x006d, 0xc018, 0xc019],
    ],
    ['insufficient', 'RC4, DES and 3DES', [0x0004, 0x0005, 0x0009, 0x000a, 0x0016, 0xc007, 0xc008, 0xc011, 0xc012]],
    ['insufficient', 'static RSA', [0x002f, 0x0035, 0x003c, 0x003d, 0x009c, 0x009d, 0xc09c, 0xc09d]],
    ['phase out', 'ECDHE with CBC', [0xc009, 0xc00a, 0xc013, 0xc014, 0xc023, 0xc024, 0xc027, 0xc028]],
    ['phase out', 'DHE', [0x0033, 0x0039, 0x0067, 0x006b, 0x009e, 0x009f, 0xccaa, 0xc09e, 0xc09f]],
    ['phase out', 'CAMELLIA', [0x0041, 0x0084, 0xc072, 0xc073, 0xc076, 0xc077, 0xc086, 0xc087, 0xc08a, 0xc08b]],
    ['phase out', 'ARIA', [0xc03c, 0xc048, 0xc049, 0xc04c, 0xc04d, 0xc05c, 0xc05d, 0xc060, 0xc061]],
    ['insufficient', 'CCM with a short tag', [0xc0a0, 0xc0a1, 0xc0a2, 0xc0a3, 0xc0ae, 0xc0af]],
    [
      'insufficient',
      'a shared secret instead of certificates',
      [0x008c, 0x00a8, 0x00ac, 0xc035, 0xccab, 0xccac, 0xd001],
    ],
  ])('C02 [NCSC %s] refuses %s', async (_class, _what, suites) => {
    const answer = await offer(ports[name], { versions: [TLS_1_2], suites });
    expect(answer).toEqual({ refused: true, alert: ALERTS.handshakeFailure });
  });

  it('C02 takes, of all 65,536 suites, those that NCSC calls good or sufficient, and no other', async () => {
    expect(ascending(await suitesOf(ports[name], TLS_1_3))).toEqual(ascending(SUITES_1_3));
    expect(ascending(await suitesOf(ports[name], TLS_1_2))).toEqual(ascending(SUITES_1_2.ECDSA));
  });

  it.each([
    ['insufficient', 'secp256k1 and every other curve of less use', [0x0016, 0x0001, 0x0013, 0x0015]],
    ['insufficient', 'ffdhe2048', [0x0100]],
    ['phase out', 'ffdhe3072 and larger', [0x0101, 0x0102, 0x0103, 0x0104]],
  ])('C02 [NCSC %s] refuses %s for the exchange of keys', async (_class, _what, groups) => {
    for (const versions of [[TLS_1_2], [TLS_1_3]]) {
      expect(await offer(ports[name], { versions, suites: both, groups })).toMatchObject({ refused: true });
    }
  });

  it('C02 exchanges keys, of all 65,536 groups, in X25519, P-256, P-384 and P-521 alone', async () => {
    expect(ascending(await groupsOf(ports[name], TLS_1_3, SUITES_1_3))).toEqual(ascending(Object.values(GROUPS)));
  });

  it('C02 [NCSC insufficient] signs with no SHA-1, MD5 or SHA-224, and takes none from clients', async () => {
    const weak = [0x0203, 0x0201, 0x0303, 0x0301, 0x0101, 0x0103];
    for (const versions of [[TLS_1_2], [TLS_1_3]]) {
      expect(await offer(ports[name], { versions, suites: both, signatures: weak })).toMatchObject({ refused: true });
    }
    const signatures = [...weak, ...SHA_256_AND_BETTER];
    const answer = await agreed(ports[name], { versions: [TLS_1_2], suites: both, signatures });
    expect(SHA_256_AND_BETTER).toContain(answer.signature);
    if (name === 'agency') expect(answer.clientSignatures).toEqual(SHA_256_AND_BETTER);
    else expect(answer.clientSignatures).toBeNull();
  });

  it('C02 compresses nothing, ties the keys to the handshake, and knows secure renegotiation only', async () => {
    const answer = await agreed(ports[name], { versions: [TLS_1_2], suites: both, compressions: [1] });
    expect(answer.compression).toBe(0);
    const [extendedMasterSecret, renegotiationInfo] = [23, 0xff01];
    expect(answer.extensions).toEqual(expect.arrayContaining([extendedMasterSecret, renegotiationInfo]));
  });

  it('C02 does not renegotiate at the wish of a client', async () => {
    const refused = await new Promise<Error | null>((resolve) => {
      const socket = connect({ ...client({ maxVersion: 'TLSv1.2' }), port: ports[name] }, () => {
        socket.renegotiate({}, (error) => {
          resolve(error);
          socket.destroy();
        });
      });
      socket.on('error', resolve);
    });
    expect(refused).toMatchObject({ code: expect.stringMatching(/NO_RENEGOTIATION/) });
  });

  it('C02 invites nobody to send before the handshake is complete (0-RTT)', async () => {
    expect(await ticketOf(ports[name])).toContain('Max Early Data: 0');
  });
});

/** What OpenSSL's own client says about the first session ticket. */
async function ticketOf(port: number): Promise<string> {
  const { certFile, keyFile } = world.pki.files('ind');
  const options = ['-CAfile', world.pki.caFile, '-cert', certFile, '-key', keyFile, '-servername', 'localhost'];
  const requestFile = join(world.folder, 'request');
  await writeFile(requestFile, 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const run = `openssl s_client -connect 127.0.0.1:${port} -tls1_3 -ign_eof "$@" < "${requestFile}"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', run, 'sh', ...options], { timeout: SOON_MS });
  return stdout;
}

interface Files {
  readonly certFile: string;
  readonly keyFile: string;
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a client certificate over %s', (version) => {
  const received = async (own?: Files): Promise<string> => {
    const only = { minVersion: version, maxVersion: version };
    return (await probe(ports.agency, { ...clientOf(world.pki.caFile, own), ...only })).received;
  };
  const { oin, title } = peer('ind');
  const issue = (request: Partial<PeerRequest>): Promise<Files> =>
    world.pki.issuePeer({ name: 'refused', oin, title, ...request });
  const DAY_MS = 86_400_000;

  it('C01 that is right is answered', async () => {
    expect(await received(world.pki.files('ind'))).toMatch(/^HTTP\/1\.1 404/);
  });

  it.each([
    ['C01', 'absent', () => undefined],
    ['C01', 'of another authority', () => issueForeignClient(world.pki.dir)],
    ['C01', 'signed by itself', () => selfSigned()],
    ['C01', 'the certificate of the authority itself', () => world.pki.files('ca')],
    ['C01', 'for servers only', () => issue({ usage: 'server' })],
    ['C03', 'expired', () => issue({ notBefore: new Date(Date.now() - 9 * DAY_MS), days: 8 })],
    ['C03', 'not valid yet', () => issue({ notBefore: new Date(Date.now() + DAY_MS) })],
    ['C04', 'with an RSA key of 2048 bits', () => issue({ keyType: 'RSA-2048' })],
  ] as [string, string, () => Files | undefined | Promise<Files>][])(
    '%s that is %s gets no byte of an answer',
    async (_rule, _what, make) => {
      expect(await received(await make())).toBe('');
    },
  );

  async function selfSigned(): Promise<Files> {
    const files = world.pki.files('self-signed');
    const { certPem, keyPem } = await createAuthority('ind.ketenpoort.test', 30);
    await writeFile(files.keyFile, keyPem, { mode: 0o600 });
    await writeFile(files.certFile, certPem);
    return files;
  }
});

it('C02 takes, with an RSA key, the same suites in their RSA form and the same groups, and signs with SHA-256', async () => {
  await listener({ keyType: 'RSA-3072' });
  const suites = [...SUITES_1_2.RSA];
  const offered = { versions: [TLS_1_2], suites };
  for (const name of LISTENERS) {
    await until('the new certificate', SOON_MS, async () => !(await offer(ports[name], offered)).refused);
    expect(ascending(await suitesOf(ports[name], TLS_1_2))).toEqual(ascending(SUITES_1_2.RSA));
    expect(SHA_256_AND_BETTER).toContain((await agreed(ports[name], offered)).signature);
    // Here and not above: with a P-256 certificate TLS 1.2 demands P-256 of the client, whatever else it offers.
    expect(ascending(await groupsOf(ports[name], TLS_1_2, suites))).toEqual(ascending(Object.values(GROUPS)));
  }
});
