import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority, loadAuthority, signCrl } from '../../../tools/pki/authority.js';
import { type DemoPki, ensureDemoPki } from '../../../tools/pki/demo-pki.js';
import { writeAtomically } from '../../../tools/pki/private-files.js';
import { type Certificate, derBlocks, readCertificate } from './certificate.js';
import { CRL_LABEL, readCrls } from './crl.js';
import { RevocationSet } from './revocation-set.js';
import { readTrustAnchors, type TrustAnchor } from './trust-anchors.js';

const NOW = Date.now();
const DAY_MS = 86_400_000;
const PERIOD = { thisUpdate: new Date(NOW - DAY_MS), nextUpdate: new Date(NOW + DAY_MS) };

let pki: DemoPki;
let anchors: TrustAnchor[];

const certificate = async (name: string): Promise<Certificate> =>
  readCertificate(await readFile(pki.files(name).certFile));
const load = async (bytes: Uint8Array) => new RevocationSet(await readCrls(bytes, anchors), anchors);

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-crl-')));
  anchors = await readTrustAnchors([pki.caFile, pki.officerCaFile]);
  await pki.revoke('gro');
  await pki.revoke('fg-ind');
}, 30_000);

afterAll(async () => {
  await rm(pki.dir, { recursive: true });
});

describe('revocation lists', () => {
  it('know the revoked of each authority, and nobody else', async () => {
    const set = await load(await readFile(pki.crlFile));
    expect(set.statusOf(await certificate('gro'), NOW)).toBe('revoked');
    expect(set.statusOf(await certificate('fg-ind'), NOW)).toBe('revoked');
    expect(set.statusOf(await certificate('ams'), NOW)).toBe('good');
    expect(set.statusOf({ ...(await certificate('ams')), issuer: 'cn=someone else' }, NOW)).toBe('unknown');
  });

  it('are read from concatenated DER as from PEM', async () => {
    const der = Buffer.concat(derBlocks(await readFile(pki.crlFile), CRL_LABEL));
    const set = await load(der);
    expect(set.statusOf(await certificate('gro'), NOW)).toBe('revoked');
    expect(set.statusOf(await certificate('fg-ind'), NOW)).toBe('revoked');
  });

  it('stale: no longer vouch for anybody, but still revoke', async () => {
    const set = await load(await readFile(pki.crlFile));
    const later = NOW + 8 * DAY_MS;
    expect(set.staleIssuers(NOW)).toEqual([]);
    expect(set.staleIssuers(later)).toHaveLength(2);
    expect(set.statusOf(await certificate('ams'), later)).toBe('unknown');
    expect(set.statusOf(await certificate('gro'), later)).toBe('revoked');
  });

  it('of an unknown authority, or with a changed byte, are not believed', async () => {
    const other = await createAuthority('Andere proef-CA', 1);
    const files = { cert: join(pki.dir, 'other.crt'), key: join(pki.dir, 'other.key') };
    await writeAtomically(files.cert, other.certPem, 0o644);
    await writeAtomically(files.key, other.keyPem, 0o600);
    const foreign = await signCrl(await loadAuthority(files.cert, files.key), [], PERIOD);
    await expect(load(Buffer.from(foreign))).rejects.toMatchObject({ code: 'CRL_UNTRUSTED' });

    const [der] = derBlocks(await readFile(pki.crlFile), CRL_LABEL);
    const serial = Buffer.from((await certificate('gro')).serial, 'hex');
    const at = Buffer.from(der ?? []).indexOf(serial);
    expect(at).toBeGreaterThan(0);
    der?.set([(serial[0] ?? 0) ^ 1], at);
    await expect(load(der ?? new Uint8Array())).rejects.toMatchObject({ code: 'CRL_UNTRUSTED' });
  });

  it.each(['', 'no list', '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n'])(
    'that read %j are malformed',
    async (text) => {
      await expect(load(Buffer.from(text))).rejects.toMatchObject({ code: 'CRL_MALFORMED' });
    },
  );

  it('cut off in the middle are malformed', async () => {
    const [der] = derBlocks(await readFile(pki.crlFile), CRL_LABEL);
    await expect(load((der ?? new Uint8Array()).subarray(0, 80))).rejects.toMatchObject({ code: 'CRL_MALFORMED' });
  });

  it('do not go back: neither an older list nor one authority fewer replaces a held one', async () => {
    const held = await load(await readFile(pki.crlFile));
    const authority = await loadAuthority(pki.caFile, join(pki.dir, 'ca.key'));
    const officers = await loadAuthority(pki.officerCaFile, join(pki.dir, 'officers-ca.key'));
    const older = await signCrl(authority, [], PERIOD);
    const newest = { thisUpdate: new Date(NOW + 60_000), nextUpdate: PERIOD.nextUpdate };
    const both = (await signCrl(authority, [], newest)) + (await signCrl(officers, [], newest));
    const set = async (pem: string) => await load(Buffer.from(pem));
    const refused = expect.objectContaining({ code: 'CRL_OLDER' });
    await expect(set(older).then((next) => next.assertNotOlderThan(held))).rejects.toEqual(refused);
    const alone = await set(await signCrl(authority, [], newest));
    expect(() => alone.assertNotOlderThan(held)).toThrow(refused);
    const next = await set(both);
    expect(() => next.assertNotOlderThan(held)).not.toThrow();
    // Of two lists of one authority in a file the newer counts, whatever their order.
    expect((await set(both + (await readFile(pki.crlFile, 'utf8')))).statusOf(await certificate('gro'), NOW)).toBe(
      'good',
    );
  });

  it('of a root that revoke an intermediate authority revoke what it issued', async () => {
    const ams = await certificate('ams');
    const [root] = await readCrls(await readFile(pki.crlFile), anchors);
    const intermediate = { ...ams, subject: 'cn=intermediate' };
    const below = { issuer: 'cn=intermediate', serial: '01' };
    const list = { ...root, serials: new Set([ams.serial]) } as NonNullable<typeof root>;
    const withIntermediate = [...anchors, { certificate: intermediate, publicKey: anchors[0]?.publicKey as never }];
    expect(new RevocationSet([list], withIntermediate).statusOf(below, NOW)).toBe('revoked');
    expect(new RevocationSet([list], anchors).statusOf(below, NOW)).toBe('unknown');
  });
});
