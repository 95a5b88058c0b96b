import type { AddCheckpoint } from './add-checkpoint.js';
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { EMPTY_ROOT } from './hash.js';
import { LedgerError } from './ledger-error.js';
import { verifyConsistency } from './proofs.js';
import { openNote } from './signed-note.js';
import type { NoteVerifier } from './verifier-key.js';

/** All that a witness remembers of a log: the last checkpoint that it cosigned. */
export interface SeenCheckpoint {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
}

export interface WitnessedLog {
  /** Keys that are trusted for this origin. */
  readonly verifiers: readonly NoteVerifier[];
  readonly seen: SeenCheckpoint | null;
  /** Whether a later epoch of it was cosigned: then this one has ended, whatever its log says now. */
  readonly hasEnded: boolean;
}

/**
 * What a witness makes of a checkpoint that its log signed. Whoever cosigns stores the checkpoint first, in the same
 * transaction that read `seen`. `fork`, `inconsistent` and `wrong-empty-root` are evidence against the log: keep the
 * note. `shrunk` is a log that went back, or an old answer.
 */
export type Verdict = 'cosign' | 'shrunk' | 'fork' | 'inconsistent' | 'wrong-empty-root';

/** C2SP tlog-witness, add-checkpoint: each verdict with its HTTP status. */
export const ADD_CHECKPOINT_STATUS = {
  cosign: 200,
  malformed: 400,
  'old-size-too-large': 400,
  untrusted: 403,
  'unknown-log': 404,
  stale: 409,
  'wrong-empty-root': 422,
  fork: 422,
  inconsistent: 422,
} as const;
export type AddCheckpointVerdict = keyof typeof ADD_CHECKPOINT_STATUS;

/** `cosign` comes with what to store and sign, `stale` with the size that the witness has. */
export type AddCheckpointJudgement =
  | { readonly verdict: 'cosign'; readonly checkpoint: Checkpoint; readonly body: string }
  | { readonly verdict: 'stale'; readonly size: number }
  | { readonly verdict: Exclude<AddCheckpointVerdict, 'cosign' | 'stale' | 'malformed'> };

const NOTHING_SEEN: SeenCheckpoint = { size: 0, root: EMPTY_ROOT };

/**
 * Judges a checkpoint whose signature was checked, against the last one that was cosigned. `proof` is the consistency
 * proof from that size to this one; nothing is asked of it when the checkpoint is smaller or the same.
 */
export function judgeCheckpoint(
  seen: SeenCheckpoint | null,
  checkpoint: Checkpoint,
  proof: readonly Buffer[],
): Verdict {
  const { size: oldSize, root: oldRoot } = seen ?? NOTHING_SEEN;
  const { size, root } = checkpoint;
  if (size < oldSize) return 'shrunk';
  if (size === 0 && !root.equals(EMPTY_ROOT)) return 'wrong-empty-root';
  if (size === oldSize && !root.equals(oldRoot)) return 'fork';
  return verifyConsistency({ oldSize, oldRoot, size, root, proof }) ? 'cosign' : 'inconsistent';
}

/**
 * Judges an `add-checkpoint` request, check by check in the order of C2SP tlog-witness. `log` is what the witness holds
 * of the origin that the request claims, undefined when it knows none.
 */
export function judgeAddCheckpoint(request: AddCheckpoint, log: WitnessedLog | undefined): AddCheckpointJudgement {
  if (!log) return { verdict: 'unknown-log' };
  const body = trustedBody(request.note, log.verifiers);
  if (body === null) return { verdict: 'untrusted' };
  if (log.hasEnded) return { verdict: 'inconsistent' };
  const checkpoint = parseCheckpoint(body);
  if (request.oldSize > checkpoint.size) return { verdict: 'old-size-too-large' };
  const seenSize = log.seen?.size ?? 0;
  if (request.oldSize !== seenSize) return { verdict: 'stale', size: seenSize };
  const verdict = judgeCheckpoint(log.seen, checkpoint, request.proof);
  if (verdict === 'cosign') return { verdict, checkpoint, body };
  // The old size is the one that was seen and not above the new one, so this log cannot have shrunk.
  return { verdict: verdict === 'shrunk' ? 'inconsistent' : verdict };
}

/** The text of the note when a trusted key signed it and no trusted key's signature is broken, else null. */
function trustedBody(note: string, verifiers: readonly NoteVerifier[]): string | null {
  try {
    return openNote(note, verifiers).body;
  } catch (error) {
    if (error instanceof LedgerError && ['NOTE_UNSIGNED', 'SIGNATURE_INVALID'].includes(error.code)) return null;
    throw error;
  }
}
