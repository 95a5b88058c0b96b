import { parseCount, parseHash } from './canonical-text.js';
import { HASH_BYTES } from './hash.js';
import { LedgerError } from './ledger-error.js';
import { openNote, signNote, type NoteSigner, type OpenedNote } from './signed-note.js';
import { treeSize } from './tiles.js';
import type { NoteVerifier } from './verifier-key.js';

/** C2SP tlog-checkpoint: what a log commits itself to at one size. */
export interface Checkpoint {
  /** Names the log: the key name of its signer. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  /** Lines of other logs; this product writes none and gives them no meaning. */
  readonly extensions?: readonly string[];
}

export interface OpenedCheckpoint extends OpenedNote {
  readonly checkpoint: Checkpoint;
}

/** The text that is signed. Throws CHECKPOINT_MALFORMED or SIZE_INVALID on a field out of bounds. */
export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  if (root.length !== HASH_BYTES) throw malformed('has a root that is not 32 bytes');
  const lines = [origin, String(treeSize(size)), root.toString('base64'), ...extensions];
  if (lines.some((line) => line === '' || line.includes('\n')))
    throw malformed('has an empty line or one of two lines');
  return `${lines.join('\n')}\n`;
}

/** Reads the text of a checkpoint, without its signatures. Throws CHECKPOINT_MALFORMED. */
export function parseCheckpoint(body: string): Checkpoint {
  const lines = body.split('\n');
  if (lines.pop() !== '' || lines.includes('')) throw malformed('has an empty or unfinished line');
  const [origin, sizeLine = '', rootLine = '', ...extensions] = lines;
  const size = parseCount(sizeLine);
  const root = parseHash(rootLine);
  if (origin === undefined || size === null) throw malformed('has no size on its second line');
  if (!root) throw malformed('has no root hash on its third line');
  return { origin, size, root, ...(extensions.length > 0 && { extensions }) };
}

/** The signed note. Throws ORIGIN_MISMATCH when the signer has another name than the log. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  if (signer.name !== checkpoint.origin) throw otherOrigin();
  return signNote(formatCheckpoint(checkpoint), signer);
}

/**
 * Reads a checkpoint that the log signed, and any signatures by `others` (witnesses). Throws as `openNote` and
 * `parseCheckpoint`; NOTE_UNSIGNED without the log's own signature; ORIGIN_MISMATCH when it is of another log.
 * `origin` is given for a log whose key has another name than the log.
 */
export function openCheckpoint(
  note: string | Uint8Array,
  logVerifier: NoteVerifier,
  others: readonly NoteVerifier[] = [],
  origin: string = logVerifier.name,
): OpenedCheckpoint {
  const opened = openNote(note, [logVerifier, ...others]);
  if (!opened.signatures.verified.some(({ verifier }) => verifier === logVerifier)) {
    throw new LedgerError('NOTE_UNSIGNED', 'the log itself did not sign the checkpoint');
  }
  const checkpoint = parseCheckpoint(opened.body);
  if (checkpoint.origin !== origin) throw otherOrigin();
  return { ...opened, checkpoint };
}

function otherOrigin(): LedgerError {
  return new LedgerError('ORIGIN_MISMATCH', 'the checkpoint is of another log');
}

function malformed(detail: string): LedgerError {
  return new LedgerError('CHECKPOINT_MALFORMED', `the checkpoint ${detail}`);
}
