import { SALT_BYTES } from '#ledger/entry.js';
import { parseTlogProof } from '#ledger/tlog-proof.js';
import { UsageError } from './options.js';

/** One inclusion proof, whatever form it came in. */
export interface ProofItem {
  readonly recordId?: string;
  readonly index: number;
  readonly entry: Buffer;
  /** Inclusion proof, the sibling of the leaf first. */
  readonly proof: readonly Buffer[];
  /** The signed checkpoint, with cosignatures when it has any. */
  readonly note: string;
  readonly record?: RecordAndSalt;
}

export interface RecordAndSalt {
  readonly canonical: Buffer;
  readonly salt: Buffer;
}

const ENTRY_BASE64 = /^[A-Za-z0-9+/]{48}$/;

/**
 * Reads a file of proofs: the answer of `.../inclusion-proof`, the proofs that go with a report (`{items}`), or a C2SP
 * tlog-proof whose extra data is the entry. @throws UsageError, LedgerError
 */
export function readProofs(text: string): readonly ProofItem[] {
  if (!text.trimStart().startsWith('{')) return [fromTlogProof(text)];
  let content: { readonly items?: readonly unknown[] };
  try {
    content = JSON.parse(text) as typeof content;
  } catch {
    throw new UsageError('The proof is neither JSON nor a C2SP tlog-proof.');
  }
  return (content.items ?? [content]).map(fromAnswer);
}

/** `{"canonical": base64, "salt": base64}`, as it stands beside a proof of a report. @throws UsageError */
export function readRecord(value: unknown): RecordAndSalt {
  const { canonical, salt } = (value ?? {}) as { canonical?: unknown; salt?: unknown };
  const record = { canonical: base64(canonical, 'record.canonical'), salt: base64(salt, 'record.salt') };
  if (record.salt.length !== SALT_BYTES) throw new UsageError(`A salt is ${SALT_BYTES} bytes.`);
  return record;
}

function fromTlogProof(text: string): ProofItem {
  const { index, proof, note, extra } = parseTlogProof(text);
  if (!extra) throw new UsageError('The proof does not carry the entry (36 bytes) as its extra data.');
  return { index, proof, note, entry: extra };
}

function fromAnswer(value: unknown): ProofItem {
  const { recordId, index, entry, proof, checkpoint, record } = (value ?? {}) as Record<string, unknown>;
  const note = (checkpoint as { note?: unknown } | undefined)?.note;
  if (typeof index !== 'number' || typeof entry !== 'string' || !ENTRY_BASE64.test(entry) || typeof note !== 'string')
    throw new UsageError('A proof has an index, an entry of 36 bytes in base64, and a checkpoint with its note.');
  if (!Array.isArray(proof)) throw new UsageError('A proof has the hashes of its path.');
  return {
    ...{ index, note, entry: base64(entry, 'entry'), proof: proof.map((hash) => base64(hash, 'proof')) },
    ...(typeof recordId === 'string' && { recordId }),
    ...(record !== undefined && record !== null && { record: readRecord(record) }),
  };
}

function base64(value: unknown, name: string): Buffer {
  if (typeof value !== 'string') throw new UsageError(`${name} is base64.`);
  return Buffer.from(value, 'base64');
}
