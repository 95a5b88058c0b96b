import { openCheckpoint } from '#ledger/checkpoint.js';
import { recordCommitment } from '#ledger/entry.js';
import { leafHash } from '#ledger/hash.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { verifyInclusion } from '#ledger/proofs.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';
import { CanonicalScanner } from './canonical-json.js';
import { cosignersOf, type Quorum } from './checkpoint-check.js';
import type { Findings } from './finding.js';
import type { ProofItem, RecordAndSalt } from './proof-items.js';
import { isAheadOf } from './record-time.js';

const COMMITMENT_AT = 4;

/** Checks one proof: signature and quorum of its checkpoint, the path to the root, and the record when it is there. */
export function checkProof(
  item: ProofItem,
  keys: readonly NoteVerifier[],
  quorum: Quorum,
  findings: Findings,
  now: number,
): void {
  const place = { index: item.index, ...(item.recordId !== undefined && { recordId: item.recordId }) };
  const { note, index, entry, proof } = item;
  const origin = note.split('\n', 1)[0] ?? '';
  const key = keys.find(({ name }) => name === origin);
  if (!key) {
    findings.add({
      kind: 'CHECKPOINT_INVALID',
      ...place,
      cause: 'no key was given for the log that the checkpoint names',
    });
    return;
  }
  try {
    const { size, root } = openCheckpoint(note, key).checkpoint;
    if (!verifyInclusion({ index, size, leaf: leafHash(entry), proof, root })) {
      findings.add({
        kind: 'ENTRY_ALTERED',
        ...place,
        cause: 'the path does not lead from this entry to the signed root',
      });
    }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    findings.add({ kind: 'CHECKPOINT_INVALID', ...place, cause: error.detail });
    return;
  }
  const by = cosignersOf(Buffer.from(note), quorum.witnesses, findings);
  if (by.length < quorum.needed) {
    const cause = `${by.length} of ${quorum.witnesses.length} known witnesses have cosigned, ${quorum.needed} must have`;
    findings.add({ kind: 'QUORUM_MISSING', ...place, cause });
  }
  if (item.record) checkRecord(item, item.record, findings, now);
}

function checkRecord(
  { index, entry, recordId }: ProofItem,
  { canonical, salt }: RecordAndSalt,
  findings: Findings,
  now: number,
): void {
  const place = { index, ...(recordId !== undefined && { recordId }) };
  if (!recordCommitment(salt, canonical).equals(entry.subarray(COMMITMENT_AT))) {
    const cause = 'SHA-256 of salt and record is not the commitment of the entry';
    findings.add({ kind: 'RECORD_ALTERED', ...place, cause });
  }
  const scanner = new CanonicalScanner([['id'], ['at']]);
  const problem = scanner.scan(canonical, 0, canonical.length);
  const [id, at] = [0, 2].map((span) => canonical.toString('utf8', scanner.spans[span], scanner.spans[span + 1]));
  if (problem !== null) findings.add({ kind: 'RECORD_MALFORMED', ...place, cause: `the record ${problem}` });
  else if (recordId !== undefined && id !== JSON.stringify(recordId)) {
    findings.add({ kind: 'RECORD_ALTERED', ...place, cause: 'the record has another id than its proof' });
  }
  if (isAheadOf(Date.parse(at?.slice(1, -1) ?? ''), now)) {
    findings.add({ kind: 'RECORD_POSTDATED', ...place, cause: 'the record bears a time that has not come' });
  }
}
