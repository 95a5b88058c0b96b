import { openCheckpoint, parseCheckpoint, type OpenedCheckpoint } from './checkpoint.js';
import { cosignedMessage, readCosignature, writeCosignature } from './cosigned-message.js';
import { LedgerError } from './ledger-error.js';
import { formatNote, parseNote, type NoteSignature, type NoteSigner, type OpenedNote } from './signed-note.js';
import { isSignedBy, type NoteVerifier } from './verifier-key.js';

/** The word of a witness that, as far as it has seen, this is the largest checkpoint of the log and extends all others. */
export interface Cosignature extends NoteSignature {
  readonly witness: NoteVerifier;
  /** To the second. */
  readonly at: Date;
}

export interface CosignedCheckpoint extends OpenedCheckpoint {
  readonly cosignatures: readonly Cosignature[];
}

/**
 * C2SP tlog-cosignature over the text of a checkpoint. Only after the checkpoint was judged and stored: see witness.ts.
 * Throws KEY_MALFORMED unless the key is of type cosignature/v1, CHECKPOINT_MALFORMED.
 */
export function cosign(checkpointBody: string, signer: NoteSigner, at: Date): NoteSignature {
  if (signer.verifier.type !== 'cosignature/v1') throw new LedgerError('KEY_MALFORMED', 'this key cosigns nothing');
  parseCheckpoint(checkpointBody);
  const signature = writeCosignature(at, signer.sign(cosignedMessage(checkpointBody, at)));
  return { name: signer.name, keyHash: signer.verifier.keyHash, signature };
}

/** The cosignature, when it is this witness's over this text; else null. */
export function verifyCosignature(
  checkpointBody: string,
  signature: NoteSignature,
  witness: NoteVerifier,
): Cosignature | null {
  const isOfKey = signature.name === witness.name && signature.keyHash === witness.keyHash;
  if (!isOfKey || witness.type !== 'cosignature/v1') return null;
  const read = readCosignature(signature.signature);
  if (!read || !isSignedBy(witness, checkpointBody, signature.signature)) return null;
  return { ...signature, witness, at: read.at };
}

/** The newest cosignature of each witness, by name: a witness that changes its key does not count twice. */
export function cosignaturesOf({ signatures }: OpenedNote): Cosignature[] {
  const newest = new Map<string, Cosignature>();
  for (const { verifier: witness, ...signature } of signatures.verified) {
    const at = witness.type === 'cosignature/v1' ? readCosignature(signature.signature)?.at : undefined;
    const known = newest.get(witness.name);
    if (at && (!known || known.at < at)) newest.set(witness.name, { ...signature, witness, at });
  }
  return [...newest.values()];
}

/**
 * Opens a checkpoint that its log signed and `quorum` of these witnesses cosigned.
 * Throws as `openCheckpoint`; QUORUM_MISSING with fewer witnesses.
 */
export function openCosignedCheckpoint(
  note: string | Uint8Array,
  trust: { readonly log: NoteVerifier; readonly witnesses: readonly NoteVerifier[]; readonly quorum: number },
): CosignedCheckpoint {
  const opened = openCheckpoint(note, trust.log, trust.witnesses);
  const cosignatures = cosignaturesOf(opened);
  if (cosignatures.length < trust.quorum) {
    throw new LedgerError(
      'QUORUM_MISSING',
      `${cosignatures.length} of ${trust.quorum} witnesses cosigned the checkpoint`,
    );
  }
  return { ...opened, cosignatures };
}

/** The note with these signatures below its own, each once. Throws NOTE_MALFORMED. */
export function addSignatures(note: string, added: readonly NoteSignature[]): string {
  const { body, signatures } = parseNote(note);
  const keyOf = ({ name, keyHash, signature }: NoteSignature): string =>
    `${name}+${keyHash}+${signature.toString('base64')}`;
  const each = new Map([...signatures, ...added].map((signature) => [keyOf(signature), signature]));
  return formatNote({ body, signatures: [...each.values()] });
}
