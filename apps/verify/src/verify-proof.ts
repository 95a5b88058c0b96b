import { LedgerError } from '#ledger/ledger-error.js';
import { Findings, type Finding } from './finding.js';
import { UsageError, type VerifyOptions } from './options.js';
import { checkProof } from './proof-check.js';
import { readProofs, readRecord } from './proof-items.js';
import { parseWitnesses, readFile, readKeys } from './read-keys.js';

/** What came of checking the proofs of a file. */
export interface ProofReport {
  readonly proofs: number;
  /** Of those, the ones that carry their record. */
  readonly withRecord: number;
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
}

/** Checks proofs offline; `now`: no record can be from later. The key is never taken from the file. @throws UsageError */
export function verifyProof(
  file: string,
  recordFile: string | null,
  options: VerifyOptions,
  now = Date.now(),
): ProofReport {
  const keys = readKeys(options.keys);
  if (keys.length === 0) throw new UsageError('A proof is checked with the key of the log: name it with --key.');
  const witnesses =
    options.witnessesFile === null ? [] : parseWitnesses(readFile(options.witnessesFile, '--witnesses'));
  const majority = witnesses.length === 0 ? 0 : Math.floor(witnesses.length / 2) + 1;
  const quorum = { witnesses, needed: options.quorum ?? majority };
  const findings = new Findings();
  const items = itemsOf(file, recordFile);
  for (const item of items) checkProof(item, keys, quorum, findings, now);
  const notes =
    witnesses.length > 0 ? [] : ['No witness is known: the log is believed not to show others another history.'];
  const withRecord = items.filter(({ record }) => record !== undefined).length;
  return { proofs: items.length, withRecord, notes, findings: findings.kept };
}

function itemsOf(file: string, recordFile: string | null): ReturnType<typeof readProofs> {
  try {
    const items = readProofs(readFile(file, 'proof'));
    if (recordFile === null) return items;
    if (items.length !== 1) throw new UsageError('--record belongs to one proof, and the file has several.');
    const record = readRecord(JSON.parse(readFile(recordFile, '--record')));
    return items.map((item) => ({ ...item, record }));
  } catch (error) {
    if (error instanceof LedgerError) throw new UsageError(`The proof cannot be read: ${error.detail}.`);
    if (error instanceof SyntaxError) throw new UsageError('--record is no JSON.');
    throw error;
  }
}
