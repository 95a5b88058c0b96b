import type { Checkpoint } from '#ledger/checkpoint.js';
import { isLaterEpoch } from '#ledger/epoch-origin.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';
import { checkCheckpoint, cosignersOf, type Quorum } from './checkpoint-check.js';
import type { ChunkRunner } from './chunk-runner.js';
import { checkEpoch, type EpochResult } from './epoch-check.js';
import { checkExtraFiles } from './extra-files.js';
import type { Findings } from './finding.js';
import type { LogSource } from './log-source.js';
import { checkOutside } from './outside-check.js';
import { checkRecordsTogether } from './records-check.js';
import { previousEnd } from './restart-record.js';
import { TreeCheck } from './tree-check.js';

/** One epoch of the log, as the source offers it. */
export interface EpochToCheck {
  readonly epoch: number;
  readonly folder: string;
  readonly key: NoteVerifier;
  /** Paths within the source. */
  readonly checkpointFile: string;
  readonly cosignedFile: string;
}

export interface LogToCheck {
  readonly source: LogSource;
  readonly runner: ChunkRunner;
  /** The oldest first. */
  readonly epochs: readonly EpochToCheck[];
  readonly quorum: Quorum;
  readonly withRecords: boolean;
  readonly receipts: readonly string[];
  readonly terms: Readonly<Record<string, number>>;
  /** When it is checked, in milliseconds: no record can be from later. */
  readonly now: number;
  /** What was seen of an epoch before, by origin. */
  readonly remembered: ReadonlyMap<string, Pick<Checkpoint, 'size' | 'root'>>;
}

export interface CheckedEpoch {
  readonly epoch: number;
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly records: number;
  readonly absent: number;
  readonly cosigned: { readonly size: number; readonly by: readonly string[] } | null;
}

export interface ProgressSteps {
  readonly total: (leaves: number) => void;
  readonly leaves: (count: number) => void;
}

/** Checks a whole log; what is wrong is added to the findings. Throws SourceError when the log cannot be read. */
export async function checkLog(log: LogToCheck, findings: Findings, progress: ProgressSteps): Promise<CheckedEpoch[]> {
  const signed = await readCheckpoints(log, findings);
  progress.total(signed.reduce((sum, { checkpoint }) => sum + checkpoint.size, 0));
  const checked: CheckedEpoch[] = [];
  const results: EpochResult[] = [];
  for (const one of signed) {
    const { of, checkpoint } = one;
    const { withRecords, receipts, terms, now } = log;
    const job = { epoch: of.epoch, folder: of.folder, checkpoint, withRecords, receipts, terms, now };
    const result = await checkEpoch(log.source, log.runner, job, findings, progress.leaves);
    checkExtraFiles(log.source, of, checkpoint.size, findings);
    const cosigned = await checkCosigned(log, one, findings);
    await checkRemembered(log, of, checkpoint, findings);
    results.push(result);
    checked.push({
      ...{
        epoch: of.epoch,
        origin: checkpoint.origin,
        size: checkpoint.size,
        root: checkpoint.root.toString('base64'),
      },
      ...{ records: result.present, absent: withRecords ? checkpoint.size - result.present : 0, cosigned },
    });
  }
  checkNoneMissing(log, findings);
  for (const receipt of log.receipts) {
    if (results.some(({ receipts }) => receipts.includes(receipt))) continue;
    findings.add({ kind: 'RECEIPT_MISSING', cause: `no entry of the log has the digest ${receipt}` });
  }
  if (log.withRecords) {
    await checkRecordsTogether(log.source, results, findings, log.now);
    await checkRestarts(log, signed, results, findings);
    await checkOutside(log.source, findings);
  }
  return checked;
}

/** What the log says of the end of one epoch, read before anything else of it. */
interface SignedEpoch {
  readonly of: EpochToCheck;
  /** The newest, against which all else is checked. */
  readonly checkpoint: Checkpoint;
  /** With the cosignatures of witnesses; the newest itself where none has been cosigned. */
  readonly cosigned: { readonly name: string; readonly note: Buffer };
}

/**
 * A live log grows all the time: what was cosigned is read before the newest, and the tiles after both, so that each is
 * the beginning of what is read after it.
 */
async function readCheckpoints({ source, epochs }: LogToCheck, findings: Findings): Promise<SignedEpoch[]> {
  const signed: SignedEpoch[] = [];
  for (const of of epochs) {
    const cosigned = await source.read(of.cosignedFile, NOTE_BYTES_MAX);
    const newest = await source.read(of.checkpointFile, NOTE_BYTES_MAX);
    const checkpoint = checkCheckpoint(newest, of.checkpointFile, of.key, findings, of.epoch);
    if (!newest || !checkpoint) continue;
    const withWitnesses = cosigned
      ? { name: of.cosignedFile, note: cosigned }
      : { name: of.checkpointFile, note: newest };
    signed.push({ of, checkpoint, cosigned: withWitnesses });
  }
  return signed;
}

const NOTE_BYTES_MAX = 128 * 1024;

/** The newest checkpoint is seconds old: witnesses have cosigned one that is a little older, and it must be its beginning. */
async function checkCosigned(
  log: LogToCheck,
  { of, checkpoint: newest, cosigned: { name, note } }: SignedEpoch,
  findings: Findings,
): Promise<CheckedEpoch['cosigned']> {
  const { quorum } = log;
  const checkpoint = checkCheckpoint(note, name, of.key, findings, of.epoch);
  const by = cosignersOf(note, quorum.witnesses, findings, of.epoch);
  // Only the newest epoch is still watched.
  if (by.length < quorum.needed && of === log.epochs.at(-1)) {
    const cause = `${by.length} of ${quorum.witnesses.length} known witnesses have cosigned, ${quorum.needed} must have`;
    findings.add({ kind: 'QUORUM_MISSING', epoch: of.epoch, cause });
  }
  if (checkpoint) await checkContinues(log, of, newest, checkpoint, 'the cosigned checkpoint', findings);
  return checkpoint && by.length > 0 ? { size: checkpoint.size, by } : null;
}

async function checkRemembered(
  log: LogToCheck,
  of: EpochToCheck,
  newest: Checkpoint,
  findings: Findings,
): Promise<void> {
  const seen = log.remembered.get(newest.origin);
  if (seen) await checkContinues(log, of, newest, seen, 'the checkpoint that was seen before', findings);
}

/** A log that was put back to before its restart shows one epoch less, and that one whole. */
function checkNoneMissing({ epochs, remembered }: LogToCheck, findings: Findings): void {
  const [first] = epochs;
  if (!first) return;
  for (const [origin, { size }] of remembered) {
    if (!isLaterEpoch(origin, first.key.name) || epochs.some(({ key }) => key.name === origin)) continue;
    findings.add({ kind: 'EPOCH_MISSING', cause: `${origin} had ${size} leaves when it was seen` });
  }
}

async function checkContinues(
  { source }: LogToCheck,
  { folder, epoch }: EpochToCheck,
  newest: Checkpoint,
  older: Pick<Checkpoint, 'size' | 'root'>,
  name: string,
  findings: Findings,
): Promise<void> {
  if (older.size > newest.size) {
    const cause = `${name} has ${older.size} leaves, the newest one ${newest.size}`;
    findings.add({ kind: 'LOG_SHRUNK', epoch, cause });
    return;
  }
  if (!(await new TreeCheck(source, folder, findings, epoch).continues(older, newest))) {
    findings.add({ kind: 'FORK', epoch, cause: `the first ${older.size} leaves are not those of ${name}` });
  }
}

/** The first entry of an epoch says where the one before it ended: nobody can drop the end of a log by restarting it. */
async function checkRestarts(
  log: LogToCheck,
  signed: readonly SignedEpoch[],
  results: readonly EpochResult[],
  findings: Findings,
): Promise<void> {
  for (const [position, { of }] of signed.entries()) {
    const before = signed[position - 1];
    if (!before) continue;
    const end = previousEnd(results[position]?.firstRecord);
    if (end?.origin !== before.checkpoint.origin) {
      const cause = `its first record is no log.restart that names the end of ${before.checkpoint.origin}`;
      findings.add({ kind: 'EPOCH_UNCHAINED', epoch: of.epoch, index: 0, cause });
    } else {
      await checkContinues(log, before.of, before.checkpoint, end, `the end that epoch ${of.epoch} names`, findings);
    }
  }
}
