import { hash } from 'node:crypto';
import { NEVER, SALT_BYTES } from '#ledger/entry.js';
import { CanonicalScanner } from './canonical-json.js';
import { isLineOf, SCANNED_MEMBERS } from './column-line.js';
import type { Findings } from './finding.js';
import { columnsOf, differingColumns, expiresMonthOf, retentionClassOf, type Columns } from './record-columns.js';
import { fingerprintOf, formProblem, hasId, idOf, kindOf, monthOf, timeOf } from './record-form.js';
import { isAheadOf } from './record-time.js';

const COMMITMENT_AT = 4;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One present record of the export, as views on the files. */
export interface PresentRecord {
  readonly index: number;
  readonly entry: Buffer;
  /** Holds salt and record, next to each other. */
  readonly bytes: Buffer;
  readonly saltAt: number;
  readonly end: number;
  readonly lines: Buffer;
  readonly lineStart: number;
  readonly lineEnd: number;
}

/** Checks records against their entries and columns. One for each thread: it keeps its working memory. */
export class RecordCheck {
  private readonly scanner = new CanonicalScanner(SCANNED_MEMBERS);

  /** `terms`: months that a kind of record is kept at least, by the policy. `now`: when it is checked, in ms. */
  constructor(
    private readonly findings: Findings,
    private readonly terms: Readonly<Record<string, number>>,
    private readonly now: number,
  ) {}

  /**
   * Adds what is wrong with the record. Gives the last 52 bits of its id as a number, by which doubles are found; NaN
   * when its bytes are no record.
   */
  check(record: PresentRecord): number {
    const { index, entry, bytes, saltAt, end } = record;
    const start = saltAt + SALT_BYTES;
    const problem = this.scanner.scan(bytes, start, end) ?? formProblem(bytes, this.scanner.spans);
    if (!isCommitted(bytes, saltAt, end, entry)) {
      this.add(record, 'RECORD_ALTERED', 'SHA-256 of salt and record is not the commitment of the entry');
    }
    if (problem !== null) {
      this.findings.add({
        kind: 'RECORD_MALFORMED',
        index,
        ...idInLine(lineOf(record)),
        cause: `the record ${problem}`,
      });
      return Number.NaN;
    }
    this.checkRetention(record);
    if (isAheadOf(this.timeOf(bytes), this.now)) {
      this.add(record, 'RECORD_POSTDATED', 'its time is more than a day after that of this check');
    }
    const { lines, lineStart, lineEnd } = record;
    if (!isLineOf(lines, lineStart, lineEnd, bytes, this.scanner.spans, entry)) this.compareColumns(record, start);
    return fingerprintOf(bytes, this.scanner.spans);
  }

  /** True when the record that was just checked says this kind. */
  isOfKind(bytes: Buffer, kind: string): boolean {
    return kindOf(bytes, this.scanner.spans)?.name === kind;
  }

  /** When the record that was just checked says that it was made, in milliseconds. */
  timeOf(bytes: Buffer): number {
    return timeOf(bytes, this.scanner.spans);
  }

  private checkRetention(record: PresentRecord): void {
    const retentionClass = retentionClassOf(record.entry);
    const kind = kindOf(record.bytes, this.scanner.spans);
    if (!kind) return;
    if (retentionClass === null || !kind.classes.includes(retentionClass)) {
      const cause = `a record of kind ${kind.name} has not class ${retentionClass ?? '?'}`;
      this.add(record, 'RETENTION_MISMATCH', cause);
      return;
    }
    const expires = record.entry.readUInt16BE(2);
    if (retentionClass === 'PERMANENT') {
      if (expiresMonthOf(record.entry) !== NEVER)
        this.add(record, 'RETENTION_MISMATCH', 'the entry expires, and must not');
      return;
    }
    const term = this.terms[kind.name] ?? 0;
    if (expires >= monthOf(record.bytes, this.scanner.spans) + term) return;
    const due = term === 0 ? 'before its own month' : `before the ${term} months that a record of its kind is kept`;
    this.add(record, 'RETENTION_MISMATCH', `the entry expires ${due}`);
  }

  /** The slow way: by value, so that each column that differs is named. */
  private compareColumns(record: PresentRecord, start: number): void {
    const { bytes, end, entry } = record;
    const columns = parseLine(lineOf(record));
    if (columns === null)
      return this.add(record, 'EXPORT_INCOMPLETE', 'the line with the columns of the record is missing');
    const derived = columnsOf(JSON.parse(bytes.toString('utf8', start, end)), entry);
    const differing = differingColumns(columns, derived);
    if (differing.length > 0) {
      this.add(record, 'COLUMN_ALTERED', `the record says something else than column ${differing.join(', ')}`);
    }
  }

  private add(record: PresentRecord, kind: Parameters<Findings['add']>[0]['kind'], cause: string): void {
    const { bytes, index } = record;
    const { spans } = this.scanner;
    const id = hasId(bytes, spans) ? { recordId: idOf(bytes, spans) } : idInLine(lineOf(record));
    this.findings.add({ kind, index, ...id, cause });
  }
}

/** The columns of one line; null when it is none. */
function parseLine(line: string): Columns | null {
  try {
    const columns: unknown = JSON.parse(line);
    return typeof columns === 'object' && !Array.isArray(columns) ? (columns as Columns | null) : null;
  } catch {
    return null;
  }
}

/** What the database calls the record, when its own bytes cannot say. */
export function idInLine(line: string): { recordId?: string } {
  const id = parseLine(line)?.id;
  return typeof id === 'string' && ID.test(id) ? { recordId: id } : {};
}

function lineOf({ lines, lineStart, lineEnd }: PresentRecord): string {
  return lines.toString('utf8', lineStart, lineEnd);
}

function isCommitted(bytes: Buffer, saltAt: number, end: number, entry: Buffer): boolean {
  const digest = hash('sha256', bytes.subarray(saltAt, end), 'binary');
  for (let offset = 0; offset < digest.length; offset += 1) {
    if (digest.charCodeAt(offset) !== entry[COMMITMENT_AT + offset]) return false;
  }
  return true;
}
