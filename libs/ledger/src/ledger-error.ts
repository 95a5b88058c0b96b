/** What can be wrong with what the ledger is given: its own state, a tile, a proof, a note. */
export type LedgerErrorCode =
  | 'SIZE_INVALID'
  | 'INDEX_INVALID'
  | 'EDGE_MALFORMED'
  | 'TILE_MALFORMED'
  | 'BUNDLE_MALFORMED'
  | 'KEY_MALFORMED'
  | 'KEY_AMBIGUOUS'
  | 'NOTE_MALFORMED'
  | 'NOTE_UNSIGNED'
  | 'SIGNATURE_INVALID'
  | 'CHECKPOINT_MALFORMED'
  | 'ORIGIN_MISMATCH'
  | 'REQUEST_MALFORMED'
  | 'PROOF_MALFORMED'
  | 'PROOF_INVALID'
  | 'QUORUM_MISSING';

/** The detail names what broke, never what stood there: notes and proofs come from others. */
export class LedgerError extends Error {
  constructor(
    readonly code: LedgerErrorCode,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'LedgerError';
  }
}
