import { CompactSign, exportJWK, importPKCS8, calculateJwkThumbprint, type CryptoKey, type JWK } from 'jose';
import { createPublicKey } from 'node:crypto';
import type { ReceiptFields } from './accept/accept-types.js';

/** Answer to an accepted message. `receipt` is a compact JWS (EdDSA) that the sender keeps as proof. */
export interface Receipt {
  readonly messageId: string;
  readonly caseId: string | null;
  readonly acceptedAt: string;
  readonly receipt: string;
}

/** Signs receipts with the gateway's Ed25519 key. Ed25519 is deterministic: a replay gets the very same bytes. */
export class ReceiptSigner {
  private constructor(
    private readonly key: CryptoKey,
    readonly keyId: string,
    /** For whoever checks a receipt. */
    readonly publicJwk: JWK,
  ) {}

  /** `pem`: PKCS#8, Ed25519. The key id is the RFC 7638 thumbprint of the public key. */
  static async from(pem: string): Promise<ReceiptSigner> {
    const publicJwk = await exportJWK(createPublicKey(pem));
    const keyId = await calculateJwkThumbprint(publicJwk);
    return new ReceiptSigner(await importPKCS8(pem, 'EdDSA'), keyId, publicJwk);
  }

  async sign(fields: ReceiptFields): Promise<Receipt> {
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
    const receipt = await new CompactSign(Buffer.from(JSON.stringify(payload), 'utf8'))
      .setProtectedHeader({ alg: 'EdDSA', kid: fields.keyId, typ: 'ketenpoort-receipt+jws' })
      .sign(this.key);
    return { messageId, caseId, acceptedAt, receipt };
  }
}
