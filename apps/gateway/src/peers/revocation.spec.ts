import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Certificate, readCertificate } from '#identity/certificate.js';
import { readTrustAnchors, type TrustAnchor } from '#identity/trust-anchors.js';
import { type DemoPki, ensureDemoPki } from '../../../../tools/pki/demo-pki.js';
import { Revocation, type RevocationAlarm, type RevocationOptions } from './revocation.js';

const DAY_MS = 86_400_000;

let pki: DemoPki;
let anchors: TrustAnchor[];
let alarms: RevocationAlarm[] = [];
let revocation: Revocation | undefined;
let renewals = 0;

const certificate = async (name: string): Promise<Certificate> =>
  readCertificate(await readFile(pki.files(name).certFile));

async function open(extra: Partial<RevocationOptions> = {}): Promise<Revocation> {
  const onAlarm = (alarm: RevocationAlarm) => alarms.push(alarm);
  const ticketKeys = { renew: () => void (renewals += 1) };
  const defaults = { crlFile: pki.crlFile, anchors, stale: 'refuse' as const, onAlarm, ticketKeys };
  revocation = await Revocation.open({ ...defaults, ...extra });
  // The first lists are nobody's change.
  renewals = 0;
  return revocation;
}

const until = async (condition: () => boolean) => {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
};

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-revocation-')));
  anchors = await readTrustAnchors([pki.caFile, pki.officerCaFile]);
}, 30_000);

beforeEach(async () => {
  alarms = [];
  await rm(join(pki.dir, 'revoked.json'), { force: true });
  await pki.writeCrl();
});

afterEach(() => revocation?.close());

afterAll(async () => {
  await rm(pki.dir, { recursive: true });
});

describe('revocation', () => {
  it('C03: sees a new list by itself and makes the session tickets worthless', async () => {
    const held = await open({ pollIntervalMs: 10 });
    const gro = await certificate('gro');
    expect(held.statusOf(gro)).toBe('good');
    expect(renewals).toBe(0);
    await pki.revoke('gro');
    await until(() => held.statusOf(gro) === 'revoked');
    expect(held.statusOf(gro)).toBe('revoked');
    expect(renewals).toBe(1);
    expect(alarms).toEqual([]);
  });

  it.each([
    ['corrupted', 'no list at all'],
    ['empty', ''],
  ])('C03: keeps the old list when the new file is %s, and raises one alarm', async (_case, content) => {
    const held = await open();
    await pki.revoke('coa');
    await held.poll();
    expect(renewals).toBe(1);
    await writeFile(pki.crlFile, content);
    await held.poll();
    await held.poll();
    expect(held.statusOf(await certificate('coa'))).toBe('revoked');
    expect(held.statusOf(await certificate('ams'))).toBe('good');
    expect(alarms).toMatchObject([{ kind: 'CRL_REFUSED', error: { code: 'CRL_MALFORMED' } }]);
    expect(renewals).toBe(1);
  });

  it('C03: does not go back to an older list, and takes the next good one', async () => {
    const held = await open();
    await pki.writeCrl({ thisUpdate: new Date(Date.now() - DAY_MS), nextUpdate: new Date(Date.now() + DAY_MS) });
    await held.poll();
    expect(alarms).toMatchObject([{ kind: 'CRL_REFUSED', error: { code: 'CRL_OLDER' } }]);
    await pki.revoke('ind');
    await held.poll();
    expect(held.statusOf(await certificate('ind'))).toBe('revoked');
  });

  it('C03: alarms when the file goes away and lives on with what it has', async () => {
    const held = await open();
    await rm(pki.crlFile);
    await held.poll();
    await held.poll();
    expect(alarms).toMatchObject([{ kind: 'CRL_REFUSED', error: { code: 'FILE_MISSING' } }]);
    expect(held.statusOf(await certificate('ams'))).toBe('good');
  });

  it.each([
    ['refuse', 'unknown'],
    ['alarm', 'good'],
  ] as const)('C03: a stale list under `%s` makes a certificate %s, with one alarm', async (stale, status) => {
    let now = Date.now();
    const held = await open({ stale, now: () => now });
    expect(held.statusOf(await certificate('ams'))).toBe('good');
    expect(alarms).toEqual([]);
    now += 8 * DAY_MS;
    await held.poll();
    await held.poll();
    expect(held.statusOf(await certificate('ams'))).toBe(status);
    expect(alarms).toHaveLength(1);
    expect(alarms).toMatchObject([{ kind: 'CRL_STALE' }]);
  });

  it('does not start with a list that nobody trusted has signed, whatever the setting', async () => {
    const [organisations] = anchors;
    const one = organisations === undefined ? [] : [organisations];
    for (const stale of ['refuse', 'alarm'] as const) {
      await expect(open({ stale, anchors: one })).rejects.toMatchObject({ code: 'CRL_UNTRUSTED' });
    }
  });

  it('without a file: does not start under `refuse`, starts with an alarm under `alarm`', async () => {
    const crlFile = join(pki.dir, 'none.crl');
    await expect(open({ crlFile })).rejects.toMatchObject({ code: 'FILE_MISSING' });
    const held = await open({ crlFile, stale: 'alarm' });
    expect(alarms).toMatchObject([{ kind: 'CRL_REFUSED', error: { code: 'FILE_MISSING' } }]);
    expect(held.statusOf(await certificate('ams'))).toBe('good');
  });
});
