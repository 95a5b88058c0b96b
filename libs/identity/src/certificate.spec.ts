import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoPki, ensureDemoPki } from '../../../tools/pki/demo-pki.js';
import { keyStrengthProblem, readCertificate, readCertificates, validityProblem } from './certificate.js';

let pki: DemoPki;

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-certificate-')));
}, 30_000);

afterAll(async () => {
  await rm(pki.dir, { recursive: true });
});

describe('certificate', () => {
  it('reads who it is from the subject, and the rest as OpenSSL does', async () => {
    const pem = await readFile(pki.files('avim').certFile, 'utf8');
    const openssl = new X509Certificate(pem);
    const facts = readCertificate(pem);
    expect(facts).toMatchObject({
      oin: '00000099000000000303',
      organisationName: 'Politie, AVIM (proef)',
      commonName: 'avim.ketenpoort.test',
      serial: openssl.serialNumber.toLowerCase(),
      thumbprint: createHash('sha256').update(openssl.raw).digest('hex'),
      notAfter: new Date(openssl.validTo),
      publicKey: { kind: 'EC', curve: 'prime256v1' },
    });
    expect(facts.issuer).toBe(readCertificate(await readFile(pki.caFile)).subject);
  });

  it('reads DER and PEM alike, and every certificate of a bundle', async () => {
    const pem = await readFile(pki.files('ind').certFile, 'utf8');
    expect(readCertificate(new X509Certificate(pem).raw)).toEqual(readCertificate(pem));
    expect(readCertificates(pem + (await readFile(pki.caFile, 'utf8')))).toHaveLength(2);
  });

  it.each([
    ['alphanumeric', '00000099ABCdef000101', '00000099ABCdef000101'],
    ['too short', '0000009900000000010', null],
    ['with a space', '00000099 00000000101', null],
    ['absent', undefined, null],
  ])('C05: an OIN that is %s', async (_case, serialNumber, oin) => {
    const request = { name: 'oin', title: 'Proef', ...(serialNumber === undefined ? {} : { oin: serialNumber }) };
    const { certFile } = await pki.issuePeer(request);
    expect(readCertificate(await readFile(certFile)).oin).toBe(oin);
  });

  it.each([
    ['P-256', null],
    ['RSA-3072', null],
    ['RSA-2048', 'RSA 2048 bits is less than 3072'],
  ] as const)('C04: judges a key of %s', async (keyType, problem) => {
    const { certFile } = await pki.issuePeer({ name: 'strength', title: 'Proef', keyType });
    expect(keyStrengthProblem(readCertificate(await readFile(certFile)))).toBe(problem);
  });

  it('knows when it is valid, to the second', async () => {
    const notBefore = new Date('2026-01-01T00:00:00Z');
    const { certFile } = await pki.issuePeer({ name: 'period', title: 'Proef', notBefore, days: 1 });
    const facts = readCertificate(await readFile(certFile));
    expect(validityProblem(facts, Date.parse('2025-12-31T23:59:59Z'))).toBe('NOT_YET_VALID');
    expect(validityProblem(facts, Date.parse('2026-01-02T00:00:00Z'))).toBeNull();
    expect(validityProblem(facts, Date.parse('2026-01-02T00:00:01Z'))).toBe('EXPIRED');
  });

  it.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'refuses %j as malformed',
    (text) => {
      expect(() => readCertificate(text)).toThrow(expect.objectContaining({ code: 'CERTIFICATE_MALFORMED' }));
    },
  );
});
