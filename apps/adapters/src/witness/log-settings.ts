import type { NoteSigner } from '#ledger/signed-note.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';

/** Section `log` of an adapter's configuration: which access log it watches. Paths are absolute. */
export interface LogSettings {
  /** Where the public log is served: `https://<host>:8444/v1/log`. */
  readonly url: string;
  /** Verifier keys that the agency trusts, one for each epoch of the log. Never taken from the network. */
  readonly keys: readonly string[];
  /** Of the public listener; that of `gateway` where absent. */
  readonly caFile?: string;
  /** Absent: the adapter watches and demands proofs, but cosigns nothing. */
  readonly witness?: { readonly name: string; readonly keyFile: string };
  readonly pollMs: number;
  /** Within this time after its record, a proof must be there. */
  readonly proofWithinMs: number;
  /** Between two samples of older records. */
  readonly sampleEveryMs: number;
}

/** The settings with what its files and keys hold. */
export interface LoadedLog {
  readonly settings: LogSettings;
  readonly verifiers: readonly NoteVerifier[];
  readonly signer: NoteSigner | null;
  readonly ca: Buffer;
}

export const DEFAULT_LOG = { pollMs: 1_500, proofWithinMs: 60_000, sampleEveryMs: 600_000 } as const;
