import { parseBase64, parseCount, parseHashes, parseUtf8 } from './canonical-text.js';
import { openCosignedCheckpoint, type CosignedCheckpoint } from './cosignature.js';
import { LedgerError } from './ledger-error.js';
import { verifyInclusion } from './proofs.js';
import { NOTE_BYTES_MAX } from './signed-note.js';
import { treeSize } from './tiles.js';
import type { NoteVerifier } from './verifier-key.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 leaves has no longer path. */
const INCLUSION_HASHES_MAX = 53;
export const EXTRA_BYTES_MAX = 16 * 1024;
export const TLOG_PROOF_BYTES_MAX = NOTE_BYTES_MAX + 2 * EXTRA_BYTES_MAX;

/** C2SP tlog-proof: everything that shows, offline, that a leaf is in a log that witnesses watch; `.tlog-proof` files. */
export interface TlogProof {
  readonly index: number;
  /** Inclusion proof, the sibling of the leaf first. */
  readonly proof: readonly Buffer[];
  /** The signed and cosigned checkpoint. */
  readonly note: string;
  /** For the application, signed by nobody. */
  readonly extra?: Buffer;
}

/** Throws PROOF_MALFORMED on a field out of bounds, SIZE_INVALID on the index. */
export function formatTlogProof({ index, proof, note, extra }: TlogProof): string {
  if (proof.length > INCLUSION_HASHES_MAX) throw malformed('has too many hashes');
  if (extra && (extra.length < 1 || extra.length > EXTRA_BYTES_MAX))
    throw malformed('has too little or much extra data');
  const lines = [
    HEADER,
    ...(extra ? [`extra ${extra.toString('base64')}`] : []),
    `index ${treeSize(index)}`,
    ...proof.map((hash) => hash.toString('base64')),
  ];
  return `${lines.join('\n')}\n\n${note}`;
}

/** Reads a proof without believing it. Throws PROOF_MALFORMED. */
export function parseTlogProof(file: string | Uint8Array): TlogProof {
  const text = parseUtf8(file, TLOG_PROOF_BYTES_MAX);
  if (text === null) throw malformed(`is not UTF-8 or larger than ${TLOG_PROOF_BYTES_MAX} bytes`);
  const split = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(split, 0)).split('\n');
  if (split < 0 || header !== HEADER) throw malformed(`does not begin with ${HEADER}, or has no checkpoint`);
  const extra = lines[0]?.startsWith('extra ') ? parseBase64(lines.shift()?.slice('extra '.length) ?? '') : undefined;
  if (extra === null || (extra && extra.length > EXTRA_BYTES_MAX)) throw malformed('has extra data of another form');
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseCount(indexLine.slice('index '.length)) : null;
  if (index === null) throw malformed('has no index');
  const proof = parseHashes(lines, INCLUSION_HASHES_MAX);
  if (!proof) throw malformed(`has not at most ${INCLUSION_HASHES_MAX} hashes`);
  return { index, proof, note: text.slice(split + 2), ...(extra && { extra }) };
}

/**
 * Verifies the whole of it: log signature, quorum of cosignatures, inclusion. Throws PROOF_MALFORMED, PROOF_INVALID when
 * the leaf is not at that place, and as `openCosignedCheckpoint`.
 */
export function verifyTlogProof(
  file: string | Uint8Array,
  trust: {
    /** Leaf hash of the entry that the holder of the proof has. */
    readonly leaf: Uint8Array;
    readonly log: NoteVerifier;
    readonly witnesses: readonly NoteVerifier[];
    readonly quorum: number;
  },
): TlogProof & { readonly opened: CosignedCheckpoint } {
  const parsed = parseTlogProof(file);
  const opened = openCosignedCheckpoint(parsed.note, trust);
  const { size, root } = opened.checkpoint;
  const holds = verifyInclusion({ index: parsed.index, size, leaf: trust.leaf, proof: parsed.proof, root });
  if (!holds) throw new LedgerError('PROOF_INVALID', 'the checkpoint does not hold this entry at this place');
  return { ...parsed, opened };
}

function malformed(detail: string): LedgerError {
  return new LedgerError('PROOF_MALFORMED', `the proof ${detail}`);
}
