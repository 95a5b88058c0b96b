import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoPki, ensureDemoPki } from '../pki/demo-pki.js';
import { oinOfPrincipal, peerPrincipal, principalSettings } from './principal.js';
import { readable } from './provision.js';

let dir: string;
let pki: DemoPki;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kp-principal-'));
  pki = await ensureDemoPki(join(dir, 'pki'));
}, 30_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Kafka applies the first rule that matches the whole name as Java renders it (RFC 2253). */
async function mapped(distinguishedName: string): Promise<string | null> {
  const { mappingRules } = await principalSettings(['kafka', 'kafka-admin'].map((name) => pki.files(name).certFile));
  for (const rule of mappingRules.split(/,(?=RULE:)/)) {
    const [, pattern = '', replacement = ''] = /^RULE:(.*)\/(.*)\/$/.exec(rule) ?? [];
    const match = new RegExp(pattern).exec(distinguishedName);
    if (match) return replacement.replace('$1', match[1] ?? '');
  }
  return null;
}

const OIN = '00000099000000000302';
const HEX = '3030303030303939303030303030303030333032';
const SERIAL = `2.5.4.5=#1314${HEX}`;

describe('principal mapping', () => {
  it('knows a peer by the hex of its OIN, as PrintableString or UTF8String, wherever it stands', async () => {
    expect(peerPrincipal(OIN)).toBe(`User:${HEX}`);
    expect(oinOfPrincipal(`User:${HEX}`)).toBe(OIN);
    for (const name of [SERIAL, `C=NL,CN=dtv,O=DT&V\\, proef,${SERIAL}`, `${SERIAL.replace('#13', '#0c')},CN=dtv`]) {
      expect(await mapped(name)).toBe(HEX);
    }
  });

  it('knows broker and administrator by name, unless an OIN stands beside it', async () => {
    expect(await mapped('C=NL,CN=kafka-admin.ketenpoort.test,O=x')).toBe('node-kafka-admin.ketenpoort.test');
    expect(await mapped(`C=NL,CN=kafka-admin.ketenpoort.test,O=x,${SERIAL}`)).toBe(HEX);
    const { superUsers } = await principalSettings([pki.files('kafka').certFile]);
    expect(superUsers).toBe('User:node-kafka.ketenpoort.test');
  });

  it('knows nobody else', async () => {
    const names = [
      `${SERIAL},${SERIAL}`,
      `2.5.4.5=#1313${HEX.slice(2)},CN=short`,
      `CN=2.5.4.5\\=\\#1314${HEX}`,
      'CN=kafka-admin,O=x',
      'CN=kafka-adminxketenpoort.test',
      'O=a\\,CN\\=kafka-admin.ketenpoort.test',
      'CN=someone,C=NL',
    ];
    for (const name of names) expect(await mapped(name)).toBeNull();
  });

  it('refuses an administrator that looks like a peer', async () => {
    await expect(principalSettings([pki.files('dtv').certFile])).rejects.toThrow(/no serialNumber/);
    expect(() => peerPrincipal('302')).toThrow('not an OIN');
    expect(oinOfPrincipal('User:node-kafka.ketenpoort.test')).toBeNull();
  });

  it('shows people the OIN', () => {
    expect(readable(`User:${HEX} ALLOW READ TOPIC t from *`)).toBe(`${OIN} ALLOW READ TOPIC t from *`);
  });
});
