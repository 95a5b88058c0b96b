import { parseCount, parseHashes, parseUtf8 } from './canonical-text.js';
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { LedgerError } from './ledger-error.js';
import { NOTE_BYTES_MAX, parseNote } from './signed-note.js';
import { treeSize } from './tiles.js';

/** C2SP tlog-witness: a proof between trees of any size has no more hashes. */
export const CONSISTENCY_HASHES_MAX = 63;
/** Old size, 63 hashes in base64 and the note. */
export const ADD_CHECKPOINT_BYTES_MAX = NOTE_BYTES_MAX + 4096;
/** Content type of the answer 409, whose text is `formatSizeAnswer`. */
export const SIZE_CONTENT_TYPE = 'text/x.tlog.size';

/** The body of `POST <witness>/add-checkpoint`. */
export interface AddCheckpoint {
  /** Size of the last checkpoint that the witness cosigned, as far as the sender knows. */
  readonly oldSize: number;
  /** From that size to the one of the checkpoint. */
  readonly proof: readonly Buffer[];
  /** The signed checkpoint. */
  readonly note: string;
}

/** Throws REQUEST_MALFORMED on too many hashes, SIZE_INVALID. */
export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  if (proof.length > CONSISTENCY_HASHES_MAX) throw malformed('has too many hashes');
  const hashes = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `old ${treeSize(oldSize)}\n${hashes}\n${note}`;
}

/** Reads a request. The checkpoint is not believed yet: see `judgeAddCheckpoint`. Throws REQUEST_MALFORMED. */
export function parseAddCheckpoint(body: string | Uint8Array): AddCheckpoint & { readonly claimed: Checkpoint } {
  const text = parseUtf8(body, ADD_CHECKPOINT_BYTES_MAX);
  if (text === null) throw malformed(`is not UTF-8 or larger than ${ADD_CHECKPOINT_BYTES_MAX} bytes`);
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('has no blank line before the checkpoint');
  const [first = '', ...lines] = text.slice(0, split).split('\n');
  const oldSize = first.startsWith('old ') ? parseCount(first.slice('old '.length)) : null;
  if (oldSize === null) throw malformed('does not begin with the old size');
  const proof = parseHashes(lines, CONSISTENCY_HASHES_MAX);
  if (!proof) throw malformed(`has a proof that is not of at most ${CONSISTENCY_HASHES_MAX} hashes`);
  const note = text.slice(split + 2);
  return { oldSize, proof, note, claimed: claimOf(note) };
}

/** The text of the answer 409: the size that the witness has. */
export function formatSizeAnswer(size: number): string {
  return `${treeSize(size)}\n`;
}

/** Reads it. Throws REQUEST_MALFORMED. */
export function parseSizeAnswer(text: string): number {
  const size = text.endsWith('\n') ? parseCount(text.slice(0, -1)) : null;
  if (size === null) throw malformed('was answered without a size');
  return size;
}

function claimOf(note: string): Checkpoint {
  try {
    return parseCheckpoint(parseNote(note).body);
  } catch (error) {
    if (error instanceof LedgerError) throw malformed(`holds no checkpoint (${error.message})`);
    throw error;
  }
}

function malformed(detail: string): LedgerError {
  return new LedgerError('REQUEST_MALFORMED', `the request ${detail}`);
}
