import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import {
  formatNote,
  NOTE_BYTES_MAX,
  NOTE_SIGNATURES_MAX,
  NoteSigner,
  openNote,
  parseNote,
  parseSignatureLines,
  signNote,
} from './signed-note.js';
import { formatVerifierKey, noteVerifier, parseVerifierKey } from './verifier-key.js';

// The example of C2SP signed-note.
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE =
  'This is an example message.\n\n— example.com/foo ' +
  'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
// The key and the note of golang.org/x/mod/sumdb/note (example_test.go); its seed is as public as the rest.
const PETER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_SEED = 'gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_KEY = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const peter = parseVerifierKey(PETER_KEY);
const enoch = parseVerifierKey(ENOCH_KEY);

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
function signerFromSeed(name: string, seed: string): NoteSigner {
  const key = Buffer.concat([PKCS8_ED25519, Buffer.from(seed, 'base64')]);
  return NoteSigner.from(name, createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

describe('signed note', () => {
  it('opens the notes that C2SP and golang.org/x/mod publish', () => {
    expect(openNote(EXAMPLE, [parseVerifierKey(EXAMPLE_KEY)]).body).toBe('This is an example message.\n');
    const both = openNote(`${TEXT}\n${PETER_LINE}${ENOCH_LINE}`, [peter, enoch]);
    expect(both.signatures.verified.map(({ verifier }) => verifier)).toEqual([peter, enoch]);
    expect(both.signatures.unverified).toEqual([]);
  });

  it('signs to the byte what golang.org/x/mod signs', () => {
    const signer = signerFromSeed('PeterNeumann', PETER_SEED);
    expect(signNote(TEXT, signer)).toBe(`${TEXT}\n${PETER_LINE}`);
    expect(formatVerifierKey(signer.verifier)).toBe(PETER_KEY);
  });

  it('passes over signatures of keys it does not know, even with the name of a known one', () => {
    const namesake = NoteSigner.from('PeterNeumann', generateKeyPairSync('ed25519').privateKey);
    const theirs = signNote(TEXT, namesake).split('\n\n')[1] ?? '';
    const opened = openNote(`${TEXT}\n${theirs}${PETER_LINE}${ENOCH_LINE}`, [peter]);
    expect(opened.signatures.verified.map(({ name }) => name)).toEqual(['PeterNeumann']);
    expect(opened.signatures.unverified.map(({ name }) => name)).toEqual(['PeterNeumann', 'EnochRoot']);
  });

  it('refuses a note that no known key signed, or on which a known signature is broken', () => {
    expect(() => openNote(`${TEXT}\n${ENOCH_LINE}`, [peter])).toThrow('NOTE_UNSIGNED');
    expect(() => openNote(`${TEXT}\n${ENOCH_LINE}`, [])).toThrow('NOTE_UNSIGNED');
    expect(() => openNote(`${TEXT}more\n\n${PETER_LINE}`, [peter])).toThrow('SIGNATURE_INVALID');
    expect(() => openNote(`${TEXT}more\n\n${PETER_LINE}${ENOCH_LINE}`, [enoch])).toThrow('SIGNATURE_INVALID');
    expect(() => openNote(`${TEXT}\n${PETER_LINE}`, [peter, parseVerifierKey(PETER_KEY)])).toThrow('KEY_AMBIGUOUS');
  });

  it('never opens with any byte turned', () => {
    const note = Buffer.from(`${TEXT}\n${PETER_LINE}`);
    for (let at = 0; at < note.length; at += 1) {
      for (const bit of [1, 0x80]) {
        const flipped = Buffer.from(note);
        flipped[at] = (flipped[at] ?? 0) ^ bit;
        expect(() => openNote(flipped, [peter])).toThrow(/NOTE_MALFORMED|NOTE_UNSIGNED|SIGNATURE_INVALID/);
      }
    }
  });

  const base64 = PETER_LINE.slice('— PeterNeumann '.length, -1);
  it.each([
    ['no signature', `${TEXT}\n`],
    ['no blank line', `${TEXT}${PETER_LINE}`],
    ['no last newline', `${TEXT}\n${PETER_LINE.slice(0, -1)}`],
    ['CRLF', `${TEXT}\n${PETER_LINE}`.replaceAll('\n', '\r\n')],
    ['a tab', `a\tb\n\n${PETER_LINE}`],
    ['a zero byte', `a\u0000b\n\n${PETER_LINE}`],
    ['half a surrogate', `a\ud800\n\n${PETER_LINE}`],
    ['a hyphen for the dash', `${TEXT}\n${PETER_LINE.replace('—', '-')}`],
    ['two spaces', `${TEXT}\n${PETER_LINE.replace(' ', '  ')}`],
    ['a name with a space', `${TEXT}\n— Bad Name ${base64}\n`],
    ['a name with a no-break space', `${TEXT}\n— Bad\u00a0Name ${base64}\n`],
    ['a name with a plus', `${TEXT}\n— a+b ${base64}\n`],
    ['an empty name', `${TEXT}\n—  ${base64}\n`],
    ['base64 without padding', `${TEXT}\n— PeterNeumann ${base64.slice(0, -1)}\n`],
    ['base64url', `${TEXT}\n— PeterNeumann ${base64.replaceAll('/', '_')}\n`],
    ['base64 with loose last bits', `${TEXT}\n— PeterNeumann ${base64.slice(0, -2)}N=\n`],
    ['a key ID alone', `${TEXT}\n— PeterNeumann x08gow==\n`],
    ['a blank line among the signatures', `${TEXT}\n${PETER_LINE}\n`],
    ['too many signatures', `${TEXT}\n${PETER_LINE.repeat(NOTE_SIGNATURES_MAX + 1)}`],
    ['too many bytes', `${'a'.repeat(NOTE_BYTES_MAX)}\n\n${PETER_LINE}`],
    ['too many bytes in few characters', `${'€'.repeat(NOTE_BYTES_MAX / 3)}\n\n${PETER_LINE}`],
  ])('refuses a note with %s', (_, note) => {
    expect(() => parseNote(note)).toThrow('NOTE_MALFORMED');
  });

  it('refuses bytes that are not UTF-8', () => {
    const note = Buffer.from(`aé\n\n${PETER_LINE}`);
    expect(parseNote(note).body).toBe('aé\n');
    expect(() => parseNote(Buffer.concat([note.subarray(0, 2), note.subarray(3)]))).toThrow('NOTE_MALFORMED');
  });

  it('takes sixteen signatures of 5 kB, as C2SP asks, and texts with blank lines', () => {
    const signatures = Array.from({ length: 16 }, (_, keyHash) => ({
      name: 'example.com/w',
      keyHash,
      signature: Buffer.alloc(5000, keyHash),
    }));
    const note = { body: 'one\n\n\ntwo\n', signatures };
    expect(parseNote(formatNote(note))).toEqual(note);
    expect(parseSignatureLines(PETER_LINE)).toHaveLength(1);
  });

  it('writes no note that it would not read', () => {
    const signer = signerFromSeed('PeterNeumann', PETER_SEED);
    for (const body of ['', 'abc', 'a\r\n', 'a\u0007\n'])
      expect(() => signNote(body, signer)).toThrow('NOTE_MALFORMED');
    expect(() => formatNote({ body: 'a\n', signatures: [] })).toThrow('NOTE_MALFORMED');
  });
});

describe('verifier key', () => {
  it('is refused with any character changed or left out at its ends', () => {
    for (let at = 0; at < PETER_KEY.length; at += 1) {
      const code = String.fromCharCode(PETER_KEY.charCodeAt(at) + 1);
      expect(() => parseVerifierKey(PETER_KEY.slice(0, at) + code + PETER_KEY.slice(at + 1))).toThrow('KEY_MALFORMED');
      expect(() => parseVerifierKey(PETER_KEY.slice(0, at))).toThrow('KEY_MALFORMED');
      if (at > 0) expect(() => parseVerifierKey(PETER_KEY.slice(at))).toThrow('KEY_MALFORMED');
    }
  });

  it('is refused with another length or type, although the key ID is right (golang.org/x/mod, note_test.go)', () => {
    for (const key of [
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
      'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    ]) {
      expect(() => parseVerifierKey(key)).toThrow('KEY_MALFORMED');
    }
  });

  it('has another ID for another name or type, so that one key in two roles cannot be taken for the other', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const ids = [
      noteVerifier('a', publicKey),
      noteVerifier('b', publicKey),
      noteVerifier('a', publicKey, 'cosignature/v1'),
    ];
    expect(new Set(ids.map(({ keyHash }) => keyHash)).size).toBe(3);
    for (const verifier of ids) {
      const { publicKey: read, ...rest } = parseVerifierKey(formatVerifierKey(verifier));
      expect(rest).toEqual({ name: verifier.name, type: verifier.type, keyHash: verifier.keyHash });
      expect(read.equals(publicKey)).toBe(true);
    }
    expect(NoteSigner.from('a', privateKey).sign(Buffer.of(1))).toEqual(sign(null, Buffer.of(1), privateKey));
  });

  it('is an Ed25519 key under a name that a note can hold', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    for (const name of ['', 'a b', 'a+b', 'a\n', 'a\u2003b', 'x'.repeat(256)]) {
      expect(() => noteVerifier(name, publicKey)).toThrow('KEY_MALFORMED');
    }
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => noteVerifier('a', other.publicKey)).toThrow('KEY_MALFORMED');
    expect(() => NoteSigner.from('a', other.privateKey)).toThrow('KEY_MALFORMED');
    expect(() => NoteSigner.from('a', publicKey)).toThrow('KEY_MALFORMED');
    expect(() => noteVerifier('a', privateKey)).toThrow('KEY_MALFORMED');
    expect(createPublicKey(privateKey).equals(publicKey)).toBe(true);
  });
});
