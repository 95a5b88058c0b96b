import { readFileSync } from 'node:fs';
import { InlineRunner, ThreadRunner, type ChunkRunner } from './chunk-runner.js';
import { ABOUT, WITNESSES, type AboutExport } from './export-layout.js';
import { Findings } from './finding.js';
import { findEpochs } from './find-epochs.js';
import { HTTP_LANES, HttpSource } from './http-source.js';
import { checkLog, type CheckedEpoch } from './log-check.js';
import { FolderSource, SourceError, type LogSource } from './log-source.js';
import type { VerifyOptions } from './options.js';
import { ProgressBar, type ProgressSink } from './progress-bar.js';
import { parseDigests } from './receipt-digests.js';
import { parseWitnesses, readFile, readKeys } from './read-keys.js';
import { readSeen, rememberSeen } from './seen-state.js';
import type { Quorum } from './checkpoint-check.js';

/** What came of a check. */
export interface LogReport {
  readonly log: string;
  readonly epochs: readonly CheckedEpoch[];
  /** What was believed without proof, and what was not looked at. */
  readonly notes: readonly string[];
  readonly withRecords: boolean;
  readonly findings: Findings;
  readonly seconds: number;
}

/** With fewer entries the threads take longer to start than to work. */
const WORTH_THREADS = 20_000;
const SMALL_FILE_BYTES = 16 * 1024 * 1024;

/**
 * Checks an export or a live log. `now`: no record can be from later.
 * @throws UsageError, SourceError when it cannot be checked
 */
export async function verifyLog(
  options: VerifyOptions,
  progressTo: ProgressSink,
  now = new Date(),
): Promise<LogReport> {
  const startedAt = Date.now();
  const isLive = options.log.startsWith('https://');
  const source = isLive
    ? new HttpSource(options.log, options.caFile === null ? undefined : readFileSync(options.caFile))
    : new FolderSource(options.log);
  const notes: string[] = [];
  const about = isLive ? null : await readAbout(source);
  const seen = readSeen(options.stateFile);
  const epochs = await findEpochs(source, isLive, readKeys(options.keys), (text) => notes.push(text));
  const quorum = await quorumOf(source, options, isLive, notes);
  if (about && about.pending > 0) notes.push(`${about.pending} records were on their way into the log at the export.`);
  // Records that are there are looked at, whatever the export says about itself.
  const withRecords = (about?.withRecords ?? false) || (source.list('records')?.length ?? 0) > 0;
  if (!withRecords) notes.push('Records were not looked at: only the tree and its entries.');
  const findings = new Findings();
  const runner = runnerFor(source, options.threads, about);
  const bar = new ProgressBar('Verifying', withRecords ? 'records' : 'entries', progressTo);
  try {
    const receipts = options.digestsFile === null ? [] : parseDigests(readFile(options.digestsFile, '--digests'));
    const asked = { receipts, terms: options.terms, remembered: seen, now: now.getTime() };
    const log = { source, runner, epochs, quorum, withRecords, ...asked };
    const progress = { total: (leaves: number) => bar.expect(leaves), leaves: (count: number) => bar.advance(count) };
    const checked = await checkLog(log, findings, progress);
    if (options.stateFile !== null && !rememberSeen(options.stateFile, seen, checked, findings)) {
      notes.push('What was seen before of an epoch that does not continue it stays remembered.');
    }
    const seconds = (Date.now() - startedAt) / 1000;
    return { log: options.log, epochs: checked, notes, withRecords, findings, seconds };
  } finally {
    bar.done();
    await runner.close();
    if (source instanceof HttpSource) source.close();
  }
}

function runnerFor(source: HttpSource | FolderSource, threads: number, about: AboutExport | null): ChunkRunner {
  if (source instanceof HttpSource) return new InlineRunner(source, HTTP_LANES);
  const entries = about?.epochs?.reduce((sum, { size }) => sum + size, 0) ?? Infinity;
  return threads === 1 || entries < WORTH_THREADS ? new InlineRunner(source) : new ThreadRunner(source, threads);
}

async function readAbout(source: LogSource): Promise<AboutExport | null> {
  const bytes = await source.read(ABOUT, SMALL_FILE_BYTES);
  if (!bytes) return null;
  try {
    return JSON.parse(bytes.toString()) as AboutExport;
  } catch {
    throw new SourceError(`${ABOUT} cannot be read`);
  }
}

async function quorumOf(source: LogSource, options: VerifyOptions, isLive: boolean, notes: string[]): Promise<Quorum> {
  const beside = options.witnessesFile === null && !isLive ? await source.read(WITNESSES, SMALL_FILE_BYTES) : null;
  const text = options.witnessesFile === null ? beside?.toString() : readFile(options.witnessesFile, '--witnesses');
  const witnesses = text === undefined ? [] : parseWitnesses(text);
  if (witnesses.length === 0) {
    notes.push('No witness is known: a log that shows different histories to different readers would not be found.');
  } else if (beside) {
    notes.push('The keys of the witnesses were taken from the export itself. Name those you trust with --witnesses.');
  }
  const majority = witnesses.length === 0 ? 0 : Math.floor(witnesses.length / 2) + 1;
  return { witnesses, needed: options.quorum ?? majority };
}
