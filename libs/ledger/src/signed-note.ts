import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { parseBase64, parseUtf8 } from './canonical-text.js';
import { LedgerError } from './ledger-error.js';
import { isKeyName, isSignedBy, noteVerifier, type NoteVerifier, type SignatureType } from './verifier-key.js';

/** C2SP signed-note wants at least 16 signatures accepted; one of a post-quantum kind can be 5 kB. */
export const NOTE_BYTES_MAX = 128 * 1024;
export const NOTE_SIGNATURES_MAX = 64;
const KEY_ID_BYTES = 4;
const NEWLINE = 0x0a;
const SPACE = 0x20;

export interface NoteSignature {
  readonly name: string;
  readonly keyHash: number;
  /** Without the key ID. */
  readonly signature: Buffer;
}

export interface Note {
  /** The signed text, with its last newline. */
  readonly body: string;
  readonly signatures: readonly NoteSignature[];
}

export interface OpenedNote {
  readonly body: string;
  readonly signatures: {
    readonly verified: readonly (NoteSignature & { readonly verifier: NoteVerifier })[];
    /** Of keys that the reader does not know: they prove nothing. */
    readonly unverified: readonly NoteSignature[];
  };
}

/** A private Ed25519 key with the name under which others trust its public half. */
export class NoteSigner {
  private constructor(
    readonly verifier: NoteVerifier,
    private readonly privateKey: KeyObject,
  ) {}

  /** Throws KEY_MALFORMED on another kind of key or a name that a note cannot hold. */
  static from(name: string, privateKey: KeyObject, type: SignatureType = 'ed25519'): NoteSigner {
    if (privateKey.type !== 'private') throw new LedgerError('KEY_MALFORMED', 'a signer has a private key');
    return new NoteSigner(noteVerifier(name, createPublicKey(privateKey), type), privateKey);
  }

  get name(): string {
    return this.verifier.name;
  }

  /** Plain Ed25519 over the bytes (RFC 8032). What the bytes must be is up to the type of the key. */
  sign(message: Uint8Array): Buffer {
    return sign(null, message, this.privateKey);
  }
}

/** The note with one signature. Throws NOTE_MALFORMED on a text that a note cannot hold. */
export function signNote(body: string, signer: NoteSigner): string {
  if (signer.verifier.type !== 'ed25519') throw new LedgerError('KEY_MALFORMED', 'this key signs no notes');
  const { name, keyHash } = signer.verifier;
  return formatNote({ body, signatures: [{ name, keyHash, signature: signer.sign(Buffer.from(body)) }] });
}

/**
 * Reads a note and checks every signature by a key in `verifiers`. Throws NOTE_MALFORMED; SIGNATURE_INVALID when a
 * known key's signature does not hold; NOTE_UNSIGNED when no known key signed; KEY_AMBIGUOUS.
 */
export function openNote(text: string | Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { body, signatures } = parseNote(text);
  const known = byNameAndHash(verifiers);
  const verified: (NoteSignature & { verifier: NoteVerifier })[] = [];
  const unverified: NoteSignature[] = [];
  for (const signature of signatures) {
    const verifier = known.get(keyOf(signature));
    if (!verifier) unverified.push(signature);
    else if (isSignedBy(verifier, body, signature.signature)) verified.push({ ...signature, verifier });
    else throw new LedgerError('SIGNATURE_INVALID', `the signature of ${verifier.name} does not hold`);
  }
  if (verified.length === 0) throw new LedgerError('NOTE_UNSIGNED', 'no key that is trusted here signed the note');
  return { body, signatures: { verified, unverified } };
}

/** Reads a note without believing it. Throws NOTE_MALFORMED. */
export function parseNote(text: string | Uint8Array): Note {
  const note = checkedText(text);
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw malformed('has no blank line before its signatures');
  return { body: checkedBody(note.slice(0, split + 1)), signatures: parseSignatureLines(note.slice(split + 2)) };
}

/** Writes body and signatures. Throws NOTE_MALFORMED on a body that a note cannot hold, or too much. */
export function formatNote({ body, signatures }: Note): string {
  const lines = signatures.map(formatSignatureLine).join('');
  if (signatures.length < 1 || signatures.length > NOTE_SIGNATURES_MAX)
    throw malformed('has too few or many signatures');
  return checkedText(`${checkedBody(body)}\n${lines}`);
}

/** `— <name> <base64 of key ID and signature>` with its newline. */
export function formatSignatureLine({ name, keyHash, signature }: NoteSignature): string {
  const keyId = Buffer.alloc(KEY_ID_BYTES);
  keyId.writeUInt32BE(keyHash);
  return `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

/** Reads one or more signature lines: the end of a note, or the answer of a witness. Throws NOTE_MALFORMED. */
export function parseSignatureLines(text: string): NoteSignature[] {
  if (!text.endsWith('\n') || text.length > NOTE_BYTES_MAX) throw malformed('does not end in signature lines');
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > NOTE_SIGNATURES_MAX) throw malformed(`has more than ${NOTE_SIGNATURES_MAX} signatures`);
  return lines.map((line) => {
    const [dash, name = '', base64 = '', ...more] = line.split(' ');
    const bytes = parseBase64(base64);
    const isComplete = dash === '—' && isKeyName(name) && more.length === 0;
    if (!isComplete || !bytes || bytes.length <= KEY_ID_BYTES) throw malformed('has a signature line of another form');
    return { name, keyHash: bytes.readUInt32BE(0), signature: bytes.subarray(KEY_ID_BYTES) };
  });
}

function byNameAndHash(verifiers: readonly NoteVerifier[]): Map<string, NoteVerifier> {
  const known = new Map<string, NoteVerifier>();
  for (const verifier of verifiers) {
    if (known.has(keyOf(verifier))) throw new LedgerError('KEY_AMBIGUOUS', 'two trusted keys share name and key ID');
    known.set(keyOf(verifier), verifier);
  }
  return known;
}

function keyOf({ name, keyHash }: { readonly name: string; readonly keyHash: number }): string {
  return `${name}+${keyHash}`;
}

function checkedText(text: string | Uint8Array): string {
  const note = parseUtf8(text, NOTE_BYTES_MAX);
  if (note === null) throw malformed(`is not UTF-8 or larger than ${NOTE_BYTES_MAX} bytes`);
  for (let at = 0; at < note.length; at += 1) {
    const code = note.charCodeAt(at);
    if (code < SPACE && code !== NEWLINE) throw malformed('has a control character');
  }
  return note;
}

function checkedBody(body: string): string {
  if (!body.endsWith('\n')) throw malformed('has a text that does not end in a newline');
  return body;
}

function malformed(detail: string): LedgerError {
  return new LedgerError('NOTE_MALFORMED', `the note ${detail}`);
}
