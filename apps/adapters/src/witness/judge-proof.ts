import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Checkpoint } from '#ledger/checkpoint.js';
import { entryDigest } from '#ledger/entry.js';
import { leafHash } from '#ledger/hash.js';
import { verifyInclusion } from '#ledger/proofs.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';
import type { Claim } from './log-memory.js';
import { openLogNote } from './open-checkpoint.js';

const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: 200 };
/** What this side needs of `GET /v1/access-log-entries/{id}/inclusion-proof`; all else it works out itself. */
export const ANSWER_SCHEMA = {
  type: 'object',
  required: ['recordId', 'epoch', 'index', 'entry', 'checkpoint', 'proof'],
  properties: {
    recordId: { type: 'string', maxLength: 36 },
    epoch: { type: 'integer', minimum: 1, maximum: 9999 },
    index: { type: 'integer', minimum: 0 },
    entry: base64,
    checkpoint: { type: 'object', required: ['note'], properties: { note: { type: 'string', maxLength: 131_072 } } },
    proof: { type: 'array', maxItems: 53, items: base64 },
  },
};
interface Answer {
  readonly recordId: string;
  readonly epoch: number;
  readonly index: number;
  readonly entry: string;
  readonly checkpoint: { readonly note: string };
  readonly proof: readonly string[];
}
const isAnswer = new Ajv2020({ strict: false, validateSchema: false }).compile<Answer>(ANSWER_SCHEMA);

/** The entry is in the tree of this checkpoint, which the log signed; whether that is the history that was seen, is open. */
export interface Placed {
  readonly kind: 'placed';
  readonly epoch: number;
  readonly checkpoint: Checkpoint;
  readonly note: string;
}
export type ProofVerdict =
  | Placed
  | {
      readonly kind: 'ENTRY_CHANGED' | 'PROOF_INVALID';
      readonly detail: string;
      readonly evidence?: readonly string[];
    };

/**
 * Judges an inclusion proof by what this agency holds: the digest of the entry that the gateway once answered with, and
 * the keys of the log. Pure.
 */
export function judgeProof(claim: Claim, answer: unknown, verifiers: readonly NoteVerifier[]): ProofVerdict {
  if (!isAnswer(answer)) return { kind: 'PROOF_INVALID', detail: 'the answer has another form' };
  if (answer.recordId !== claim.recordId)
    return { kind: 'PROOF_INVALID', detail: 'the answer is about another record' };
  const entry = Buffer.from(answer.entry, 'base64');
  if (entryDigest(entry).toString('base64url') !== claim.digest) {
    return { kind: 'ENTRY_CHANGED', detail: 'the entry has another digest', evidence: [answer.checkpoint.note] };
  }
  const found = openLogNote(answer.checkpoint.note, verifiers);
  if (found.kind !== 'trusted') return { kind: 'PROOF_INVALID', detail: `the checkpoint is ${found.kind}` };
  const { size, root } = found.checkpoint;
  const proof = answer.proof.map((hash) => Buffer.from(hash, 'base64'));
  if (!verifyInclusion({ index: answer.index, size, leaf: leafHash(entry), proof, root })) {
    const detail = 'the proof does not lead to the root of the checkpoint';
    return { kind: 'PROOF_INVALID', detail, evidence: [answer.checkpoint.note] };
  }
  return { kind: 'placed', epoch: answer.epoch, checkpoint: found.checkpoint, note: answer.checkpoint.note };
}
