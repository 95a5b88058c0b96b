import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CASE_KEY_ID,
  ContentCipher,
  ContentKeyError,
  decryptIdentity,
  decryptSubject,
  encryptIdentity,
  encryptSubject,
} from './content-crypto.js';

const OLD = { id: 'mk-old', key: Buffer.alloc(32, 1) };
const NEW = { id: 'mk-new', key: Buffer.alloc(32, 2) };
const cipher = new ContentCipher([OLD]);
const caseKey = cipher.newCaseKey('case-1');
const text = Buffer.from('{"v_number":"0000000001"}');

function flip(bytes: Buffer, at: number): Buffer {
  const altered = Buffer.from(bytes);
  altered[at % altered.length] = (altered[at % altered.length] ?? 0) ^ 1;
  return altered;
}

describe('content encryption', () => {
  it('gives back any content, under its case key or without a case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), (content, withCase) => {
        const key = withCase ? caseKey : null;
        const encrypted = cipher.encryptContent(key, 'message-1', content);
        expect(cipher.decryptContent(key, 'message-1', encrypted)).toEqual(Buffer.from(content));
      }),
    );
  });

  it('reads what another implementation of the documented format sealed', () => {
    // AES-256-GCM by Python's cryptography: key 00..1f, nonce 00..0b, associated data ketenpoort/v1|identity|case-1
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
    const sealed = Buffer.from('01000102030405060708090a0b3c20b739ffd4bf5ca5fa8dc47ebc1682f0695856c5f28c', 'hex');
    expect(decryptIdentity({ caseId: 'case-1', key }, sealed)).toEqual({ a: 1 });
  });

  it('holds no trace of the plaintext and never the same bytes twice', () => {
    const [first, second] = [1, 2].map(() => cipher.encryptContent(caseKey, 'message-1', text));
    expect(first?.ciphertext.includes('0000000001')).toBe(false);
    expect(first?.ciphertext).not.toEqual(second?.ciphertext);
    expect(first?.wrappedKey).not.toEqual(second?.wrappedKey);
  });

  it('refuses content that was moved to another message or another case', () => {
    const encrypted = cipher.encryptContent(caseKey, 'message-1', text);
    expect(() => cipher.decryptContent(caseKey, 'message-2', encrypted)).toThrow(ContentKeyError);
    const renamed = { caseId: 'case-2', key: caseKey.key };
    expect(() => cipher.decryptContent(renamed, 'message-1', encrypted)).toThrow(ContentKeyError);
    expect(() => cipher.unwrapCaseKey({ ...caseKey, caseId: 'case-2' })).toThrow(ContentKeyError);
  });

  it('refuses any altered byte, and says no more than that', () => {
    fc.assert(
      fc.property(fc.constantFrom('wrappedKey', 'nonce', 'ciphertext'), fc.nat(), (part, at) => {
        const encrypted = cipher.encryptContent(caseKey, 'message-1', text);
        const altered = { ...encrypted, [part]: flip(encrypted[part as 'nonce'], at) };
        expect(() => cipher.decryptContent(caseKey, 'message-1', altered)).toThrow(ContentKeyError);
      }),
    );
    const truncated = { ...cipher.encryptContent(caseKey, 'message-1', text), ciphertext: Buffer.alloc(3) };
    expect(() => cipher.decryptContent(caseKey, 'message-1', truncated)).toThrow(ContentKeyError);
  });

  it('reads old rows after the master key was rotated, and wraps new ones under the new key', () => {
    const rotated = new ContentCipher([NEW, OLD]);
    const withoutCase = cipher.encryptContent(null, 'message-1', text);
    expect(rotated.unwrapCaseKey(caseKey).key).toEqual(caseKey.key);
    expect(rotated.decryptContent(null, 'message-1', withoutCase)).toEqual(text);
    expect(rotated.newCaseKey('case-2').keyId).toBe('mk-new');
    expect(() => new ContentCipher([NEW]).unwrapCaseKey(caseKey)).toThrow('master key mk-old is not configured');
  });

  it('names the case key as what wraps the content of a case, so that rotation leaves content rows alone', () => {
    expect(cipher.encryptContent(caseKey, 'message-1', text).keyId).toBe(CASE_KEY_ID);
    expect(cipher.encryptContent(null, 'message-1', text).keyId).toBe('mk-old');
  });

  it('seals identity and subject under the case key only', () => {
    const identity = { family_name: 'Proef', nationalities: ['NLD'] };
    expect(decryptIdentity(caseKey, encryptIdentity(caseKey, identity))).toEqual(identity);
    expect(decryptSubject(caseKey, encryptSubject(caseKey, '0000000001'))).toBe('0000000001');
    const other = cipher.newCaseKey('case-1');
    expect(() => decryptIdentity(other, encryptIdentity(caseKey, identity))).toThrow(ContentKeyError);
    expect(() => decryptIdentity(caseKey, Buffer.from(encryptSubject(caseKey, '{}'), 'base64url'))).toThrow(
      ContentKeyError,
    );
  });

  it('does not start without a master key, or with one of another length', () => {
    expect(() => new ContentCipher([])).toThrow('no master key');
    expect(() => new ContentCipher([{ id: 'mk', key: Buffer.alloc(16) }])).toThrow('32 bytes');
  });
});
