import { openCheckpoint, type Checkpoint } from '#ledger/checkpoint.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { openNote } from '#ledger/signed-note.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';
import type { Findings } from './finding.js';

/** Who must have cosigned. */
export interface Quorum {
  readonly witnesses: readonly NoteVerifier[];
  /** How many of them; 0 demands none. */
  readonly needed: number;
}

/** The checkpoint that the log signed; null, with a finding, when this is none. */
export function checkCheckpoint(
  note: Buffer | null,
  name: string,
  logKey: NoteVerifier,
  findings: Findings,
  epoch: number,
): Checkpoint | null {
  if (!note) {
    findings.add({ kind: 'CHECKPOINT_INVALID', epoch, cause: `${name} is missing` });
    return null;
  }
  try {
    return openCheckpoint(note, logKey).checkpoint;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    findings.add({ kind: 'CHECKPOINT_INVALID', epoch, cause: `${name}: ${error.detail}` });
    return null;
  }
}

/** Names of the witnesses whose cosignature holds. A signature under a known name that does not hold is a finding. */
export function cosignersOf(
  note: Buffer,
  witnesses: readonly NoteVerifier[],
  findings: Findings,
  epoch?: number,
): string[] {
  return witnesses
    .filter((witness) => {
      try {
        return openNote(note, [witness]).signatures.verified.length > 0;
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        if (error.code === 'SIGNATURE_INVALID') {
          findings.add({
            kind: 'COSIGNATURE_INVALID',
            ...(epoch !== undefined && { epoch }),
            cause: `the cosignature of ${witness.name} does not hold`,
          });
        }
        return false;
      }
    })
    .map(({ name }) => name);
}
