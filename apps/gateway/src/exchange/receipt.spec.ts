import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { compactVerify, createLocalJWKSet, importJWK } from 'jose';
import { ReceiptSigner } from './receipt.js';

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function fields() {
  return {
    messageId: randomUUID(),
    source: 'urn:nld:oin:00000099000000000101:proef',
    id: 'één',
    contentDigest: Buffer.alloc(32, 1),
    recordId: randomUUID(),
    entryDigest: Buffer.alloc(32, 2),
    acceptedAt: '2026-11-22T10:00:00.000Z',
    caseId: null,
  };
}

describe('a receipt', () => {
  it('is a compact JWS that a foreign library verifies with the public key, and says what was accepted', async () => {
    const signer = await ReceiptSigner.from(pem);
    const accepted = fields();
    const { receipt } = signer.sign(accepted);
    const { payload, protectedHeader } = await compactVerify(
      receipt,
      await importJWK(signer.publicJwks[0] ?? {}, 'EdDSA'),
    );
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: signer.keyId, typ: 'ketenpoort-receipt+jws' });
    expect(JSON.parse(Buffer.from(payload).toString('utf8'))).toEqual({
      messageId: accepted.messageId,
      source: accepted.source,
      id: 'één',
      contentDigest: Buffer.alloc(32, 1).toString('base64url'),
      recordId: accepted.recordId,
      entryDigest: Buffer.alloc(32, 2).toString('base64url'),
      acceptedAt: accepted.acceptedAt,
    });
  });

  it('is the same bytes each time for the same stored fields', async () => {
    const signer = await ReceiptSigner.from(pem);
    const accepted = fields();
    expect(signer.sign(accepted)).toEqual(signer.sign(accepted));
  });

  it('stays verifiable by its key id when the key is replaced, with the old one below or its public half', async () => {
    const before = await ReceiptSigner.from(pem);
    const accepted = fields();
    const { receipt: old } = before.sign(accepted);
    const next = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const publicHalf = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
    for (const below of [pem, publicHalf]) {
      const signer = await ReceiptSigner.from(`${next}${below}`);
      expect(signer.keyId).not.toBe(before.keyId);
      expect(signer.publicJwks.map(({ kid }) => kid)).toEqual([signer.keyId, before.keyId]);
      expect(JSON.stringify(signer.publicJwks)).not.toContain('"d"');
      const keys = createLocalJWKSet({ keys: [...signer.publicJwks] });
      // What was accepted under the old key and is sent again now: signed, and said to be signed, by the new one.
      const { receipt: again } = signer.sign(accepted);
      for (const one of [old, again]) expect((await compactVerify(one, keys)).payload.length).toBeGreaterThan(0);
    }
  });

  it('does not verify with another key', async () => {
    const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const signer = await ReceiptSigner.from(pem);
    const { receipt } = signer.sign(fields());
    const wrong = await importJWK((await ReceiptSigner.from(other)).publicJwks[0] ?? {}, 'EdDSA');
    await expect(compactVerify(receipt, wrong)).rejects.toThrow();
  });
});
