import { ENTRY_BYTES, ENTRY_VERSION, SALT_BYTES } from '#ledger/entry.js';
import { BUNDLED_ENTRY_BYTES_MAX, decodeBundle } from '#ledger/entry-bundle.js';
import { HASH_BYTES, leafRow, reduceRow, sha256 } from '#ledger/hash.js';
import { LedgerError } from '#ledger/ledger-error.js';
import { TILE_WIDTH, tilePath, type TileId } from '#ledger/tiles.js';
import { endOfLine } from './column-line.js';
import { addAbsent, readErasure, type AbsentRun, type Erasure } from './erasure.js';
import { columnsPath, recordsPath } from './export-layout.js';
import { FileMemory } from './file-memory.js';
import { Findings } from './finding.js';
import type { LogSource } from './log-source.js';
import { idInLine, RecordCheck, type PresentRecord } from './record-check.js';
import { retentionClassOf } from './record-columns.js';
import { earliestFrom } from './record-time.js';
import { readTile } from './tile-file.js';

/** Bundles [firstBundle, endBundle) of one epoch: what one thread takes at a time. */
export interface ChunkJob {
  readonly epoch: number;
  /** Folder of the epoch within the source. */
  readonly folder: string;
  readonly size: number;
  readonly firstBundle: number;
  readonly endBundle: number;
  readonly withRecords: boolean;
  /** Digests of entries (hexadecimal) that must be in the log. */
  readonly receipts: readonly string[];
  /** Months that a kind of record is kept at least, by the policy of whoever verifies. */
  readonly terms: Readonly<Record<string, number>>;
  /** When it is checked, in milliseconds. */
  readonly now: number;
}

/** An entry that is not what the tree holds at its index. */
export interface Misplaced {
  readonly index: number;
  /** Leaf hashes, hexadecimal. */
  readonly entry: string;
  readonly tile: string;
  readonly recordId?: string;
}

export interface ChunkResult {
  readonly findings: Pick<Findings, 'kept' | 'counts'>;
  /** Root of each full bundle, 32 bytes each: the hashes at level 1 of the tree. */
  readonly roots: Uint8Array;
  /** Leaf hashes of the last bundle when it is not full. */
  readonly unfinished: Uint8Array;
  readonly misplaced: readonly Misplaced[];
  readonly absent: readonly AbsentRun[];
  readonly erasures: readonly Erasure[];
  /** The earliest time of its records, in milliseconds; Infinity when there is none. */
  readonly earliest: number;
  /** Records that are there. */
  readonly present: number;
  /** For each leaf the tail of its record's id; NaN where there is none. */
  readonly fingerprints: Float64Array;
  readonly receipts: readonly string[];
  /** First record of the epoch. */
  readonly firstRecord?: unknown;
}

const RECORD_BYTES_MAX = 32_768;
const LENGTH_BYTES = 4;
const BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + BUNDLED_ENTRY_BYTES_MAX);
const RECORDS_BYTES_MAX = TILE_WIDTH * (LENGTH_BYTES + SALT_BYTES + RECORD_BYTES_MAX);
const COLUMNS_BYTES_MAX = TILE_WIDTH * RECORD_BYTES_MAX;
const MISPLACED_MAX = 10_000;
const NOTHING = Buffer.alloc(0);

/** Checks a stretch of the log: entries against the tree, and the records against the entries. */
export class ChunkCheck {
  private readonly findings = new Findings();
  private readonly records: RecordCheck;
  private readonly roots: Buffer[] = [];
  private unfinished: Buffer = NOTHING;
  private readonly misplaced: Misplaced[] = [];
  private readonly absent: AbsentRun[] = [];
  private readonly erasures: Erasure[] = [];
  private readonly fingerprints: Float64Array;
  /** When each record was made; Infinity where there is none. */
  private readonly times: Float64Array;
  private present = 0;
  private readonly wanted: ReadonlySet<string>;
  private readonly seen: string[] = [];
  private firstRecord: unknown;
  /** One bundle is looked at at a time. */
  private readonly memory = {
    ...{ tile: new FileMemory(), entries: new FileMemory(), records: new FileMemory(), columns: new FileMemory() },
  };

  constructor(
    private readonly source: LogSource,
    private readonly job: ChunkJob,
  ) {
    const leaves = Math.min(job.endBundle * TILE_WIDTH, job.size) - job.firstBundle * TILE_WIDTH;
    this.fingerprints = new Float64Array(job.withRecords ? leaves : 0).fill(Number.NaN);
    this.times = new Float64Array(this.fingerprints.length).fill(Infinity);
    this.wanted = new Set(job.receipts);
    this.records = new RecordCheck(this.findings, job.terms, job.now);
  }

  /** Throws SourceError when a file cannot be read. */
  async run(): Promise<ChunkResult> {
    const { firstBundle, endBundle, size } = this.job;
    for (let n = firstBundle; n < endBundle; n += 1) await this.bundle(n, Math.min(TILE_WIDTH, size - n * TILE_WIDTH));
    const { findings, unfinished, misplaced, absent, present, seen, firstRecord } = this;
    const earliest = earliestFrom(this.times);
    const behind = (index: number): number => earliest[index - firstBundle * TILE_WIDTH + 1] ?? Infinity;
    const erasures = this.erasures.map((erasure) => ({ ...erasure, followedAt: behind(erasure.index) }));
    return {
      findings: { kept: findings.kept, counts: findings.counts },
      roots: Buffer.concat(this.roots),
      ...{ unfinished, misplaced, absent, erasures, present, receipts: seen },
      ...{ fingerprints: this.fingerprints, earliest: earliest[0] ?? Infinity },
      ...(firstRecord !== undefined && { firstRecord }),
    };
  }

  private async bundle(n: number, width: number): Promise<void> {
    const tile = await readTile(this.source, this.job.folder, { level: 0, n, width }, undefined, this.memory.tile);
    if (!tile) this.missing({ level: 0, n, width });
    const entries = await this.entries(n, width);
    // What is missing is said once; the rest of the tree is judged with what the tile says about it.
    const hashes = entries ? leafRow(entries) : (tile ?? NOTHING);
    const unlike = tile !== null && entries !== null && !hashes.equals(tile);
    const lines = entries && this.job.withRecords ? await this.recordsOf(n, entries) : NOTHING;
    if (unlike) this.compare(n, hashes, tile, lines.toString().split('\n'));
    if (width < TILE_WIDTH) this.unfinished = hashes;
    else this.roots.push(hashes.length > 0 ? reduceRow(Buffer.from(hashes)) : Buffer.alloc(HASH_BYTES));
  }

  private async entries(n: number, width: number): Promise<Buffer[] | null> {
    const id = { level: 'entries', n, width } as const;
    try {
      const bytes = await readTile(this.source, this.job.folder, id, BUNDLE_BYTES_MAX, this.memory.entries);
      if (!bytes) return this.missing(id);
      const entries = decodeBundle(bytes, width);
      for (const [position, entry] of entries.entries()) this.entryForm(n * TILE_WIDTH + position, entry);
      return entries;
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.findings.add({ kind: 'ENTRY_MALFORMED', index: n * TILE_WIDTH, cause: `${tilePath(id)}: ${error.detail}` });
      return null;
    }
  }

  private entryForm(index: number, entry: Buffer): void {
    if (entry.length !== ENTRY_BYTES || entry[0] !== ENTRY_VERSION || retentionClassOf(entry) === null) {
      const cause = entry.length === 0 ? 'the leaf is missing' : 'the entry has not the layout of version 1';
      this.findings.add({ kind: 'ENTRY_MALFORMED', index, cause });
    }
    if (this.wanted.size === 0) return;
    const digest = sha256(entry).toString('hex');
    if (this.wanted.has(digest)) this.seen.push(digest);
  }

  /** Gives the lines with the columns of this bundle, as far as they are there. */
  private async recordsOf(n: number, entries: readonly Buffer[]): Promise<Buffer> {
    const { folder } = this.job;
    const [recordsFile, columnsFile] = [recordsPath(n, entries.length), columnsPath(n, entries.length)];
    const bytes = await this.source.read(folder + recordsFile, RECORDS_BYTES_MAX, this.memory.records);
    const lines = await this.source.read(folder + columnsFile, COLUMNS_BYTES_MAX, this.memory.columns);
    for (const [file, content] of [
      [recordsFile, bytes],
      [columnsFile, lines],
    ] as const) {
      if (!content)
        this.findings.add({ kind: 'EXPORT_INCOMPLETE', index: n * TILE_WIDTH, cause: `${file} is missing` });
    }
    if (bytes && lines) this.walk(n, entries, bytes, lines);
    return lines ?? NOTHING;
  }

  private walk(n: number, entries: readonly Buffer[], bytes: Buffer, lines: Buffer): void {
    let [at, lineStart] = [0, 0];
    for (const [position, entry] of entries.entries()) {
      const index = n * TILE_WIDTH + position;
      const length = at + LENGTH_BYTES <= bytes.length ? bytes.readUInt32BE(at) : -1;
      const saltAt = at + LENGTH_BYTES;
      const end = length > 0 ? saltAt + SALT_BYTES + length : saltAt;
      const lineEnd = endOfLine(lines, lineStart);
      if (length < 0 || end > bytes.length || lineEnd < 0) {
        const cause = `${lineEnd < 0 ? columnsPath(n, entries.length) : recordsPath(n, entries.length)} ends too early`;
        this.findings.add({ kind: 'EXPORT_INCOMPLETE', index, cause });
        return;
      }
      if (length > 0) this.record({ index, entry, bytes, saltAt, end, lines, lineStart, lineEnd });
      else if (entry.length === ENTRY_BYTES) addAbsent(this.absent, index, entry.readUInt16BE(2));
      [at, lineStart] = [end, lineEnd + 1];
    }
    if (at !== bytes.length || lineStart !== lines.length) {
      const cause = 'records or columns go on after the last leaf of their bundle';
      this.findings.add({ kind: 'EXPORT_INCOMPLETE', index: n * TILE_WIDTH, cause });
    }
  }

  private record(record: PresentRecord): void {
    if (record.entry.length !== ENTRY_BYTES) return;
    const fingerprint = this.records.check(record);
    const position = record.index - this.job.firstBundle * TILE_WIDTH;
    this.fingerprints[position] = fingerprint;
    this.present += 1;
    if (Number.isNaN(fingerprint)) return;
    const at = this.records.timeOf(record.bytes);
    this.times[position] = at;
    const isErasure = this.records.isOfKind(record.bytes, 'ERASURE');
    if (!isErasure && (record.index > 0 || this.job.epoch === 1)) return;
    const content: unknown = JSON.parse(record.bytes.toString('utf8', record.saltAt + SALT_BYTES, record.end));
    if (record.index === 0) this.firstRecord = content;
    const { epoch, now } = this.job;
    const erasure = isErasure ? readErasure(content, { epoch, index: record.index, at }, now) : null;
    if (erasure) this.erasures.push(erasure);
  }

  private compare(n: number, hashes: Buffer, tile: Buffer, lines: readonly string[]): void {
    for (let start = 0; start < hashes.length; start += HASH_BYTES) {
      const [entry, held] = [hashes, tile].map((row) => row.toString('hex', start, start + HASH_BYTES));
      if (entry === held || this.misplaced.length === MISPLACED_MAX) continue;
      const position = start / HASH_BYTES;
      const index = n * TILE_WIDTH + position;
      this.misplaced.push({ index, entry: entry ?? '', tile: held ?? '', ...idInLine(lines[position] ?? '') });
    }
  }

  private missing(id: TileId): null {
    const cause = `${tilePath(id)} is missing or not of its length`;
    this.findings.add({ kind: 'TILE_MISSING', index: id.n * TILE_WIDTH, cause });
    return null;
  }
}
