import { openCheckpoint, parseCheckpoint, type Checkpoint } from '#ledger/checkpoint.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { parseNote } from '#ledger/signed-note.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';

/** What a note turns out to be. `origin` is only a claim unless `trusted`. */
export type OpenedLogNote =
  | { readonly kind: 'trusted'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'unknown-log'; readonly origin: string }
  | { readonly kind: 'not-signed'; readonly origin: string | null; readonly code: string };

const SHOWN_MAX = 255;

/** Opens a note with the configured key of the origin that it claims. Never throws on what the note holds. */
export function openLogNote(note: string, verifiers: readonly NoteVerifier[]): OpenedLogNote {
  let origin: string | null = null;
  try {
    origin = parseCheckpoint(parseNote(note).body).origin.slice(0, SHOWN_MAX);
    const verifier = verifiers.find(({ name }) => name === origin);
    if (!verifier) return { kind: 'unknown-log', origin };
    return { kind: 'trusted', checkpoint: openCheckpoint(note, verifier).checkpoint };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { kind: 'not-signed', origin, code: error.code };
  }
}
