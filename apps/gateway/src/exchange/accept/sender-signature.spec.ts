import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CompactSign } from 'jose';
import { canonicalBytes } from '#contracts/canonical.js';
import { checkSenderSignature } from './sender-signature.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const event = { specversion: '1.0', id: 'm-1', source: 'urn:nld:oin:00000099000000000101:proef', data: { b: 2, a: 1 } };

async function signed(over: object): Promise<string> {
  const token = await new CompactSign(canonicalBytes(over)).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
  const [header = '', , signature = ''] = token.split('.');
  return `${header}..${signature}`;
}

describe('the signature of a sender', () => {
  it('verifies over the canonical form, whatever the order of members and the time of sending', async () => {
    const jws = await signed(event);
    await expect(
      checkSenderSignature({ ...event, time: '2026-01-01T00:00:00Z', jws }, publicKey),
    ).resolves.toBeUndefined();
  });

  it('is refused when a byte of the message differs', async () => {
    const jws = await signed(event);
    const altered = { ...event, data: { a: 1, b: 3 }, jws };
    await expect(checkSenderSignature(altered, publicKey)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  it('C36 is refused when another key made it, and when it is no signature at all', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    await expect(checkSenderSignature({ ...event, jws: await signed(event) }, stranger)).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
    await expect(checkSenderSignature({ ...event, jws: 'e30..AAAA' }, publicKey)).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });

  it('is optional', async () => {
    await expect(checkSenderSignature(event, publicKey)).resolves.toBeUndefined();
  });
});
