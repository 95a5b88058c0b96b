import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import type { ReceiptFields } from './accept/accept-types.js';

/** Answer to an accepted message. `receipt` is a compact JWS (EdDSA) that the sender keeps as proof. */
export interface Receipt {
  readonly messageId: string;
  readonly caseId: string | null;
  readonly acceptedAt: string;
  readonly receipt: string;
}

/**
 * Signs receipts with the gateway's Ed25519 key. Ed25519 is deterministic: a replay gets the very same bytes as long as
 * the key is the same, and after that one that the new key verifies.
 */
export class ReceiptSigner {
  private readonly header: string;

  private constructor(
    private readonly key: KeyObject,
    readonly keyId: string,
    /** For whoever checks a receipt: the key that signs first, then those that signed before. */
    readonly publicJwks: readonly JWK[],
  ) {
    this.header = base64url({ alg: 'EdDSA', kid: keyId, typ: 'ketenpoort-receipt+jws' });
  }

  /**
   * `pem`: an Ed25519 private key (PKCS#8), and below it the public or private keys of before, whose receipts stay
   * verifiable. A key id is the RFC 7638 thumbprint of the public key.
   */
  static async from(pem: string): Promise<ReceiptSigner> {
    const key = createPrivateKey(pem);
    const publicJwks = await Promise.all((pem.match(PEM_BLOCKS) ?? []).map(publicJwkOf));
    return new ReceiptSigner(key, publicJwks[0]?.kid ?? '', publicJwks);
  }

  /**
   * On the main thread: with a callback, Node assigns a fresh function to a property of each job, and what it leads to,
   * the whole request, then stays until the next full collection (storage/database-client.ts).
   */
  sign(fields: ReceiptFields): Receipt {
    const { messageId, caseId, acceptedAt } = fields;
    const payload = {
      messageId,
      source: fields.source,
      id: fields.id,
      contentDigest: fields.contentDigest.toString('base64url'),
      recordId: fields.recordId,
      entryDigest: fields.entryDigest.toString('base64url'),
      acceptedAt,
      ...(caseId === null ? {} : { caseId }),
    };
    const signed = `${this.header}.${base64url(payload)}`;
    const signature = sign(null, Buffer.from(signed, 'ascii'), this.key);
    return { messageId, caseId, acceptedAt, receipt: `${signed}.${signature.toString('base64url')}` };
  }
}

const PEM_BLOCKS = /-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g;

async function publicJwkOf(pem: string): Promise<JWK> {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('a receipt key is an Ed25519 key');
  const jwk = await exportJWK(key);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' };
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
