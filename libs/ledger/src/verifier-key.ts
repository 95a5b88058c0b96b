import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { parseBase64 } from './canonical-text.js';
import { cosignedMessage, readCosignature } from './cosigned-message.js';
import { sha256 } from './hash.js';
import { LedgerError } from './ledger-error.js';

/** C2SP signed-note, "Signature types": those that the product makes and checks. */
const TYPE_BYTES = { ed25519: 0x01, 'cosignature/v1': 0x04 } as const;
export type SignatureType = keyof typeof TYPE_BYTES;

const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
const KEY_NAME_BYTES_MAX = 255;
/** No Unicode space, no plus, no control character. */
const KEY_NAME = /^[^\p{White_Space}\p{Cc}+]+$/u;
const VERIFIER_KEY = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/;

/** A public key that is trusted under a name. Name and key hash together find its signatures in a note. */
export interface NoteVerifier {
  readonly name: string;
  readonly type: SignatureType;
  /** Key ID of C2SP signed-note: the first four bytes of SHA-256(name, newline, type, public key). */
  readonly keyHash: number;
  readonly publicKey: KeyObject;
}

/** The verifier for an Ed25519 key. Throws KEY_MALFORMED on another kind of key or a name that a note cannot hold. */
export function noteVerifier(name: string, publicKey: KeyObject, type: SignatureType = 'ed25519'): NoteVerifier {
  if (!isKeyName(name)) throw malformed('a key name is 1 to 255 bytes without spaces and plus signs');
  if (publicKey.type !== 'public' || publicKey.asymmetricKeyType !== 'ed25519')
    throw malformed('a key is an Ed25519 key');
  const keyId = sha256(Buffer.from(`${name}\n`), typedKey(type, publicKey));
  return { name, type, keyHash: keyId.readUInt32BE(0), publicKey };
}

/** `<name>+<key ID in hex>+<base64 of type and key>`: how a key is handed to those who must trust it. */
export function formatVerifierKey({ name, type, keyHash, publicKey }: NoteVerifier): string {
  const keyId = keyHash.toString(16).padStart(2 * KEY_ID_BYTES, '0');
  return `${name}+${keyId}+${typedKey(type, publicKey).toString('base64')}`;
}

/** Reads what `formatVerifierKey` writes. Throws KEY_MALFORMED, also when the key ID is not that of name and key. */
export function parseVerifierKey(text: string): NoteVerifier {
  const [, name = '', keyId, base64 = ''] = VERIFIER_KEY.exec(text) ?? [];
  const bytes = parseBase64(base64);
  const type = Object.entries(TYPE_BYTES).find(([, byte]) => byte === bytes?.[0])?.[0] as SignatureType | undefined;
  if (!bytes || !type || bytes.length !== 1 + PUBLIC_KEY_BYTES)
    throw malformed('the text holds no key of a known type');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url', 1) };
  const verifier = noteVerifier(name, createPublicKey({ key: jwk, format: 'jwk' }), type);
  if (verifier.keyHash !== Number.parseInt(keyId ?? '', 16)) throw malformed('the key ID is not that of name and key');
  return verifier;
}

/** True when `signature` (without key ID) is this key's over the note text. */
export function isSignedBy(verifier: NoteVerifier, body: string, signature: Uint8Array): boolean {
  switch (verifier.type) {
    case 'ed25519':
      return verify(null, Buffer.from(body), verifier.publicKey, signature);
    case 'cosignature/v1': {
      const cosignature = readCosignature(signature);
      if (!cosignature) return false;
      return verify(null, cosignedMessage(body, cosignature.at), verifier.publicKey, cosignature.signature);
    }
  }
}

export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name) && Buffer.byteLength(name) <= KEY_NAME_BYTES_MAX;
}

function typedKey(type: SignatureType, publicKey: KeyObject): Buffer {
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return Buffer.concat([Buffer.of(TYPE_BYTES[type]), raw]);
}

function malformed(detail: string): LedgerError {
  return new LedgerError('KEY_MALFORMED', detail);
}
