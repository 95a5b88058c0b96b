import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readCertificate } from '#identity/certificate.js';
import { readCrls } from '#identity/crl.js';
import { readTrustAnchors } from '#identity/trust-anchors.js';
import { OFFICERS, ROSTER } from '../demo/roster.js';
import { type DemoPki, ensureDemoPki, P12_PASSWORD } from './demo-pki.js';
import { ensureSecrets } from './secrets.js';

let dir = '';
const pkiDir = () => join(dir, 'pki');
const factsOf = async (pki: DemoPki, name: string) => readCertificate(await readFile(pki.files(name).certFile));
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const serials = async (pki: DemoPki) => {
  const anchors = await readTrustAnchors([pki.caFile, pki.officerCaFile]);
  return (await readCrls(await readFile(pki.crlFile), anchors)).flatMap((crl) => [...crl.serials]);
};

/** Debian's OpenSSL judges what we made, since our own reader would share our mistakes. */
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: pkiDir(), stdio: 'pipe' }).toString();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kp-pki-'));
  await ensureDemoPki(pkiDir());
}, 30_000);

afterAll(async () => {
  await rm(dir, { recursive: true });
});

afterEach(async () => {
  await rm(join(pkiDir(), 'revoked.json'), { force: true });
});

describe('demo PKI', () => {
  it('certifies every organisation of the roster under its OIN, and the officers without one', async () => {
    const pki = await ensureDemoPki(pkiDir());
    for (const { name, oin, title } of ROSTER) {
      const facts = await factsOf(pki, name);
      expect(facts).toMatchObject({ oin, organisationName: title, commonName: `${name}.ketenpoort.test` });
    }
    const officers = readCertificate(await readFile(pki.officerCaFile)).subject;
    for (const { name } of OFFICERS) expect(await factsOf(pki, name)).toMatchObject({ oin: null, issuer: officers });
  });

  it('makes what OpenSSL accepts: servers for localhost, clients, officers under their own authority', () => {
    const names = ['-verify_hostname', 'localhost', '-verify_ip', '127.0.0.1'];
    expect(
      openssl('verify', '-CAfile', 'ca.crt', '-purpose', 'sslserver', ...names, 'gateway.crt', 'kafka.crt'),
    ).toMatch(/OK/);
    expect(openssl('verify', '-CAfile', 'ca.crt', '-purpose', 'sslclient', 'ams.crt', 'kafka-admin.crt')).toMatch(/OK/);
    expect(openssl('verify', '-CAfile', 'officers-ca.crt', '-purpose', 'sslclient', 'fg-ams.crt')).toMatch(/OK/);
    expect(() => openssl('verify', '-CAfile', 'ca.crt', 'fg-ams.crt')).toThrow();
    const p12 = openssl('pkcs12', '-in', 'fg-ams.p12', '-passin', `pass:${P12_PASSWORD}`, '-nodes');
    expect(p12).toContain('BEGIN PRIVATE KEY');
    expect(p12).toContain('fg-ams.ketenpoort.test');
  });

  it('lets nobody else read the folder, the keys and the PKCS#12 files', async () => {
    expect(await modeOf(pkiDir())).toBe('700');
    const secret = (await readdir(pkiDir())).filter((name) => /\.(key|p12)$/.test(name));
    expect(secret.length).toBeGreaterThan(ROSTER.length);
    for (const name of secret) expect(await modeOf(join(pkiDir(), name))).toBe('600');
    await chmod(pkiDir(), 0o755);
    await ensureDemoPki(pkiDir());
    expect(await modeOf(pkiDir())).toBe('700');
  });

  it('keeps certificates over a second start, and renews what is missing, broken or about to expire', async () => {
    const pki = await ensureDemoPki(pkiDir());
    await pki.issuePeer({ name: 'rot', oin: ROSTER[1]?.oin ?? '', title: 'Proef', days: 20 });
    await rm(pki.files('utr').certFile);
    await writeFile(pki.files('ehv').certFile, 'broken');
    await writeFile(pki.files('gro').keyFile, await readFile(pki.files('ams').keyFile));
    const before = { ams: pki.thumbprint('ams'), rot: pki.thumbprint('rot'), gro: pki.thumbprint('gro') };
    await ensureDemoPki(pkiDir());
    expect(pki.thumbprint('ams')).toBe(before.ams);
    expect(pki.thumbprint('rot')).not.toBe(before.rot);
    expect(pki.thumbprint('gro')).not.toBe(before.gro);
    expect(openssl('verify', '-CAfile', 'ca.crt', 'rot.crt', 'utr.crt', 'ehv.crt', 'gro.crt')).toMatch(/OK/);
  });

  it('revokes in a list that OpenSSL believes and that outlives a restart', async () => {
    const pki = await ensureDemoPki(pkiDir());
    await pki.revoke('coa');
    await pki.revoke('coa');
    await pki.revoke('fg-dtv');
    const revoked = [(await factsOf(pki, 'coa')).serial, (await factsOf(pki, 'fg-dtv')).serial];
    expect(await serials(pki)).toEqual(revoked);
    expect(await serials(await ensureDemoPki(pkiDir()))).toEqual(revoked);
    const check = ['verify', '-crl_check', '-CAfile', 'ca.crt', '-CRLfile', 'ca.crl'];
    expect(openssl(...check, 'ams.crt')).toMatch(/OK/);
    expect(() => openssl(...check, 'coa.crt')).toThrow(/certificate revoked/);
  });

  it('signs the list afresh at each start, valid for seven days', async () => {
    const pki = await ensureDemoPki(pkiDir());
    await pki.writeCrl({ thisUpdate: new Date(0), nextUpdate: new Date(1000) });
    await ensureDemoPki(pkiDir());
    const [crl] = await readCrls(await readFile(pki.crlFile), await readTrustAnchors([pki.caFile, pki.officerCaFile]));
    expect((crl?.nextUpdate.getTime() ?? 0) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
  });

  it('issues no certificate over a broken list of revocations', async () => {
    await writeFile(join(pkiDir(), 'revoked.json'), '{');
    await expect(ensureDemoPki(pkiDir())).rejects.toThrow(SyntaxError);
  });
});

describe('secrets', () => {
  it('are made once, in the agreed forms, readable by their owner only', async () => {
    const files = await ensureSecrets(join(dir, 'secrets'));
    const master = await readFile(files.masterKeyFile, 'utf8');
    expect(master.trim()).toMatch(/^[0-9a-f]{64}$/);
    expect((await readFile(files.indexKeyFile, 'utf8')).trim()).toMatch(/^[0-9a-f]{64}$/);
    for (const file of [files.receiptKeyFile, files.logKeyFile]) {
      expect(createPrivateKey(await readFile(file)).asymmetricKeyType).toBe('ed25519');
    }
    for (const file of Object.values(files)) expect(await modeOf(file as string)).toBe('600');
    await ensureSecrets(join(dir, 'secrets'));
    expect(await readFile(files.masterKeyFile, 'utf8')).toBe(master);
  });
});
