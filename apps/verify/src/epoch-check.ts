import { SALT_BYTES } from '#ledger/entry.js';
import type { Checkpoint } from '#ledger/checkpoint.js';
import { TILE_WIDTH } from '#ledger/tiles.js';
import { runAll, type ChunkRunner } from './chunk-runner.js';
import type { ChunkJob, ChunkResult } from './chunk-check.js';
import { repeatedFingerprints } from './duplicate-ids.js';
import { joinErasures, type AbsentRun, type Erasure } from './erasure.js';
import { columnsPath, recordsPath } from './export-layout.js';
import type { Findings } from './finding.js';
import type { LogSource } from './log-source.js';
import { TreeCheck } from './tree-check.js';

/** Large enough that a job costs nothing, and so many that no thread is long without work at the end. */
const BUNDLES_OF_A_CHUNK = 32;
const CHUNKS_OF_A_LANE = 32;

export interface EpochJob extends Pick<ChunkJob, 'epoch' | 'folder' | 'withRecords' | 'receipts' | 'terms' | 'now'> {
  readonly checkpoint: Checkpoint;
}

/** What of one epoch has to be seen together with the others. */
export interface EpochResult {
  readonly epoch: number;
  readonly folder: string;
  readonly size: number;
  readonly present: number;
  readonly absent: readonly AbsentRun[];
  readonly erasures: readonly Erasure[];
  readonly receipts: readonly string[];
  readonly repeated: readonly RepeatedRecord[];
  readonly firstRecord: unknown;
}

export interface RepeatedRecord {
  readonly index: number;
  readonly fingerprint: number;
}

/** Checks entries, tiles and records of one epoch against the checkpoint. Throws SourceError. */
export async function checkEpoch(
  source: LogSource,
  runner: ChunkRunner,
  job: EpochJob,
  findings: Findings,
  onLeaves: (leaves: number) => void,
): Promise<EpochResult> {
  const { checkpoint, epoch, folder } = job;
  const { size } = checkpoint;
  const jobs = chunksOf(job, runner.lanes);
  const leavesOf = (one: ChunkJob): number => Math.min(one.endBundle * TILE_WIDTH, size) - one.firstBundle * TILE_WIDTH;
  const chunks = await runAll(runner, jobs, (one) => onLeaves(leavesOf(one)));
  for (const chunk of chunks) findings.take(chunk.findings, epoch);
  const tree = {
    size,
    roots: Buffer.concat(chunks.map(({ roots }) => roots)),
    unfinished: Buffer.from(chunks.at(-1)?.unfinished ?? []),
    misplaced: chunks.flatMap(({ misplaced }) => misplaced),
  };
  await new TreeCheck(source, folder, findings, epoch).run(tree, checkpoint.root);
  return {
    ...{ epoch, folder, size },
    present: chunks.reduce((sum, { present }) => sum + present, 0),
    absent: chunks.flatMap(({ absent }) => absent),
    erasures: joinErasures(chunks),
    receipts: chunks.flatMap(({ receipts }) => receipts),
    repeated: repeatedIn(jobs, chunks),
    firstRecord: chunks[0]?.firstRecord,
  };
}

/** Id of a record as its own bytes or, where it is absent, the database says it; undefined when neither does. */
export async function recordIdAt(
  source: LogSource,
  { folder, size }: EpochResult,
  index: number,
): Promise<string | undefined> {
  const n = Math.floor(index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
  const position = index % TILE_WIDTH;
  const bytes = await source.read(folder + recordsPath(n, width), Number.MAX_SAFE_INTEGER);
  const lines = (await source.read(folder + columnsPath(n, width), Number.MAX_SAFE_INTEGER))?.toString().split('\n');
  try {
    const record = bytes && recordIn(bytes, position);
    const said = JSON.parse(record?.toString() ?? lines?.[position] ?? '') as { id?: string; absent?: string };
    return said.id ?? said.absent;
  } catch {
    return undefined;
  }
}

function recordIn(bytes: Buffer, position: number): Buffer | null {
  let at = 0;
  for (let before = 0; before < position; before += 1) at += widthAt(bytes, at);
  const width = widthAt(bytes, at);
  return width > 4 ? bytes.subarray(at + 4 + SALT_BYTES, at + width) : null;
}

function widthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at);
  return length === 0 ? 4 : 4 + SALT_BYTES + length;
}

function chunksOf({ checkpoint, ...job }: EpochJob, lanes: number): ChunkJob[] {
  const { size } = checkpoint;
  const bundles = Math.ceil(size / TILE_WIDTH);
  const ofAChunk = Math.min(BUNDLES_OF_A_CHUNK, Math.max(1, Math.ceil(bundles / (lanes * CHUNKS_OF_A_LANE))));
  return Array.from({ length: Math.ceil(bundles / ofAChunk) }, (_, chunk) => {
    const firstBundle = chunk * ofAChunk;
    const endBundle = Math.min(firstBundle + ofAChunk, bundles);
    return { ...job, size, firstBundle, endBundle };
  });
}

function repeatedIn(jobs: readonly ChunkJob[], chunks: readonly ChunkResult[]): RepeatedRecord[] {
  const repeated = repeatedFingerprints(chunks.map(({ fingerprints }) => fingerprints));
  if (repeated.size === 0) return [];
  return chunks.flatMap(({ fingerprints }, chunk) => {
    const first = (jobs[chunk]?.firstBundle ?? 0) * TILE_WIDTH;
    return [...fingerprints].flatMap((fingerprint, position) =>
      repeated.has(fingerprint) ? [{ index: first + position, fingerprint }] : [],
    );
  });
}
