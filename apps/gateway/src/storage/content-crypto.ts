import { createCipheriv, createDecipheriv } from 'node:crypto';
import { pooledRandomBytes } from './random.js';

/**
 * Key hierarchy (design 11): content under a data key per message, data key under the case key, case key under the
 * master key. Destroying a case key makes all content of the case unreadable, in every backup that lacks that key.
 *
 *   sealed key, identity, subject: 1 byte format (1) || nonce (12) || ciphertext || tag (16)
 *   content:                       nonce in its own column, ciphertext || tag (16)
 *
 * AES-256-GCM throughout. The associated data names what the bytes are and whose, so that no sealed value can be moved
 * to another message, case or column.
 */
export const KEY_BYTES = 32;
/** `key_id` of content whose data key is wrapped by its case key, whichever master key wraps that one. */
export const CASE_KEY_ID = 'case';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 1;
const FORMAT_BYTE = Buffer.of(FORMAT);
const GCM = { authTagLength: TAG_BYTES };

export interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface CaseKey {
  readonly caseId: string;
  readonly key: Buffer;
}

/** Columns of `lvv_case`. */
export interface WrappedCaseKey {
  readonly caseId: string;
  readonly keyId: string;
  readonly wrapped: Buffer;
}

/** Columns of `content`. */
export interface EncryptedContent {
  readonly keyId: string;
  readonly wrappedKey: Buffer;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

/** Wrong key, altered bytes, or bytes of another row. Says no more, and never holds content. */
export class ContentKeyError extends Error {
  override readonly name = 'ContentKeyError';
}

export class ContentCipher {
  private readonly active: MasterKey;
  private readonly masterKeys: ReadonlyMap<string, Buffer>;

  /** `masterKeys`: the active one first, then those that older rows still need. */
  constructor(masterKeys: readonly MasterKey[]) {
    const [active] = masterKeys;
    if (!active) throw new ContentKeyError('no master key is configured');
    if (masterKeys.some(({ key }) => key.length !== KEY_BYTES)) {
      throw new ContentKeyError(`a master key is ${KEY_BYTES} bytes`);
    }
    this.active = active;
    this.masterKeys = new Map(masterKeys.map(({ id, key }) => [id, key]));
  }

  /** A fresh key for a new case, and its wrapped form under the active master key. */
  newCaseKey(caseId: string): CaseKey & WrappedCaseKey {
    const key = pooledRandomBytes(KEY_BYTES);
    return { caseId, key, keyId: this.active.id, wrapped: seal(this.active.key, caseKeyContext(caseId), key) };
  }

  unwrapCaseKey({ caseId, keyId, wrapped }: WrappedCaseKey): CaseKey {
    return { caseId, key: open(this.masterKey(keyId), caseKeyContext(caseId), wrapped) };
  }

  /** `caseKey` null: a message without a case; its data key is wrapped by the master key itself. */
  encryptContent(caseKey: CaseKey | null, messageId: string, plaintext: Uint8Array): EncryptedContent {
    const dataKey = pooledRandomBytes(KEY_BYTES);
    const nonce = pooledRandomBytes(NONCE_BYTES);
    return {
      keyId: caseKey === null ? this.active.id : CASE_KEY_ID,
      wrappedKey: seal(caseKey?.key ?? this.active.key, dataKeyContext(caseKey, messageId), dataKey),
      nonce,
      ciphertext: Buffer.concat(encrypted(dataKey, nonce, `content|${messageId}`, plaintext)),
    };
  }

  /** Throws ContentKeyError unless the row belongs to this message and case and is unaltered. */
  decryptContent(caseKey: CaseKey | null, messageId: string, content: EncryptedContent): Buffer {
    const wrapping = caseKey?.key ?? this.masterKey(content.keyId);
    const dataKey = open(wrapping, dataKeyContext(caseKey, messageId), content.wrappedKey);
    return decrypt(dataKey, content.nonce, `content|${messageId}`, content.ciphertext);
  }

  private masterKey(keyId: string): Buffer {
    const key = this.masterKeys.get(keyId);
    if (!key) throw new ContentKeyError(`master key ${keyId} is not configured`);
    return key;
  }
}

/** The identifying set of a case (`lvv_case.identity`): any JSON value, under the case key. */
export function encryptIdentity(caseKey: CaseKey, identity: unknown): Buffer {
  return seal(caseKey.key, `identity|${caseKey.caseId}`, Buffer.from(JSON.stringify(identity), 'utf8'));
}

/** The parsed JSON of `encryptIdentity`; the caller knows its shape. */
export function decryptIdentity(caseKey: CaseKey, sealed: Buffer): unknown {
  return JSON.parse(open(caseKey.key, `identity|${caseKey.caseId}`, sealed).toString('utf8'));
}

/** A subject's code for the access record: base64url, another one each time, readable only with the case key. */
export function encryptSubject(caseKey: CaseKey, subject: string): string {
  return seal(caseKey.key, `subject|${caseKey.caseId}`, Buffer.from(subject, 'utf8')).toString('base64url');
}

export function decryptSubject(caseKey: CaseKey, sealed: string): string {
  return open(caseKey.key, `subject|${caseKey.caseId}`, Buffer.from(sealed, 'base64url')).toString('utf8');
}

function caseKeyContext(caseId: string): string {
  return `case-key|${caseId}`;
}

function dataKeyContext(caseKey: CaseKey | null, messageId: string): string {
  return `data-key|${messageId}|${caseKey?.caseId ?? '-'}`;
}

function seal(key: Buffer, context: string, plaintext: Uint8Array): Buffer {
  const nonce = pooledRandomBytes(NONCE_BYTES);
  return Buffer.concat([FORMAT_BYTE, nonce, ...encrypted(key, nonce, context, plaintext)]);
}

function open(key: Buffer, context: string, sealed: Buffer): Buffer {
  if (sealed[0] !== FORMAT) throw new ContentKeyError('sealed bytes have an unknown format');
  return decrypt(key, sealed.subarray(1, 1 + NONCE_BYTES), context, sealed.subarray(1 + NONCE_BYTES));
}

/** Ciphertext and tag. */
function encrypted(key: Buffer, nonce: Buffer, context: string, plaintext: Uint8Array): readonly [Buffer, Buffer] {
  const cipher = createCipheriv(CIPHER, key, nonce, GCM);
  cipher.setAAD(associatedData(context));
  const ciphertext = cipher.update(plaintext);
  // Of GCM nothing is left for the end but the tag.
  cipher.final();
  return [ciphertext, cipher.getAuthTag()];
}

function decrypt(key: Buffer, nonce: Buffer, context: string, ciphertext: Buffer): Buffer {
  try {
    const tagAt = ciphertext.length - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, key, nonce, GCM);
    decipher.setAAD(associatedData(context));
    decipher.setAuthTag(ciphertext.subarray(tagAt));
    const plaintext = decipher.update(ciphertext.subarray(0, tagAt));
    // Throws where the tag is not that of these bytes: until then they are nobody's.
    decipher.final();
    return plaintext;
  } catch {
    throw new ContentKeyError('bytes cannot be decrypted: wrong key, wrong row, or altered');
  }
}

function associatedData(context: string): Buffer {
  return Buffer.from(`ketenpoort/v1|${context}`, 'utf8');
}
