import { hash } from 'node:crypto';
import { NEVER, SALT_BYTES, type RetentionClass } from '#ledger/entry.js';
import { CanonicalScanner } from './canonical-json.js';
import { isLineOf, SCANNED_MEMBERS, slotOf } from './column-line.js';
import type { Findings } from './finding.js';
import { columnsOf, differingColumns, expiresMonthOf, retentionClassOf, type Columns } from './record-columns.js';

/** Which class a kind of record may have: the log's own steps are kept for ever (libs/ledger/src/entry.ts). */
const CLASSES_OF_KIND: Readonly<Record<string, readonly RetentionClass[]>> = {
  '"DELIVERY"': ['RELEASE'],
  '"CONSULTATION"': ['RELEASE'],
  '"EVALUATION"': ['RELEASE'],
  '"REFUSAL"': ['REFUSAL'],
  '"ADMIN"': ['ADMIN', 'PERMANENT'],
  '"ERASURE"': ['PERMANENT'],
};
const COMMITMENT_AT = 4;
const ID = /^"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"$/;
const AT = /^"\d{4}-(0[1-9]|1[0-2])-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"$/;
/** Digits at the end of an id that fit a double exactly, and are random in a UUIDv7. */
const FINGERPRINT_DIGITS = 13;
const HYPHEN = 0x2d;
const [ID_SLOT, AT_SLOT, KIND_SLOT] = [slotOf(['id']), slotOf(['at']), slotOf(['kind'])];

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

  /** `terms`: months that a kind of record is kept at least, by the policy. */
  constructor(
    private readonly findings: Findings,
    private readonly terms: Readonly<Record<string, number>>,
  ) {}

  /**
   * Adds what is wrong with the record. Gives the last 52 bits of its id as a number, by which doubles are found; NaN
   * when its bytes are no record.
   */
  check(record: PresentRecord): number {
    const { index, entry, bytes, saltAt, end } = record;
    const start = saltAt + SALT_BYTES;
    const problem = this.scanner.scan(bytes, start, end) ?? this.formProblem(bytes);
    if (!isCommitted(bytes, saltAt, end, entry)) {
      this.add(record, 'RECORD_ALTERED', 'SHA-256 of salt and record is not the commitment of the entry');
    }
    if (problem !== null) {
      this.findings.add({ kind: 'RECORD_MALFORMED', index, ...idInLine(record), cause: `the record ${problem}` });
      return Number.NaN;
    }
    this.checkRetention(record);
    const { lines, lineStart, lineEnd } = record;
    if (!isLineOf(lines, lineStart, lineEnd, bytes, this.scanner.spans, entry)) this.compareColumns(record, start);
    return fingerprint(bytes, this.scanner.spans[ID_SLOT * 2 + 1]! - 1);
  }

  /** True when the record that was just checked says this kind. */
  isOfKind(bytes: Buffer, kind: string): boolean {
    return this.raw(bytes, KIND_SLOT) === `"${kind}"`;
  }

  private raw(bytes: Buffer, slot: number): string {
    return bytes.toString('latin1', this.scanner.spans[slot * 2], this.scanner.spans[slot * 2 + 1]);
  }

  private formProblem(bytes: Buffer): string | null {
    if (!ID.test(this.raw(bytes, ID_SLOT))) return 'has no id of the form of a UUID';
    if (!AT.test(this.raw(bytes, AT_SLOT))) return 'has no time in milliseconds and UTC';
    return CLASSES_OF_KIND[this.raw(bytes, KIND_SLOT)] ? null : 'is of no known kind';
  }

  private checkRetention(record: PresentRecord): void {
    const retentionClass = retentionClassOf(record.entry);
    const kind = this.raw(record.bytes, KIND_SLOT);
    if (retentionClass === null || !CLASSES_OF_KIND[kind]?.includes(retentionClass)) {
      this.add(
        record,
        'RETENTION_MISMATCH',
        `a record of kind ${kind.slice(1, -1)} has not class ${retentionClass ?? '?'}`,
      );
      return;
    }
    const expires = record.entry.readUInt16BE(2);
    if (retentionClass === 'PERMANENT') {
      if (expiresMonthOf(record.entry) !== NEVER)
        this.add(record, 'RETENTION_MISMATCH', 'the entry expires, and must not');
      return;
    }
    const at = this.scanner.spans[AT_SLOT * 2]! + 1;
    const month = digits(record.bytes, at, 4) * 12 + digits(record.bytes, at + 5, 2) - 1;
    const term = this.terms[kind.slice(1, -1)] ?? 0;
    if (expires >= month + term) return;
    const due = term === 0 ? 'before its own month' : `before the ${term} months that a record of its kind is kept`;
    this.add(record, 'RETENTION_MISMATCH', `the entry expires ${due}`);
  }

  /** The slow way: by value, so that each column that differs is named. */
  private compareColumns(record: PresentRecord, start: number): void {
    const { bytes, end, entry, lines, lineStart, lineEnd } = record;
    const columns = parseLine(lines.subarray(lineStart, lineEnd));
    if (columns === null)
      return this.add(record, 'EXPORT_INCOMPLETE', 'the line with the columns of the record is missing');
    const derived = columnsOf(JSON.parse(bytes.toString('utf8', start, end)), entry);
    const differing = differingColumns(columns, derived);
    if (differing.length > 0) {
      this.add(record, 'COLUMN_ALTERED', `the record says something else than column ${differing.join(', ')}`);
    }
  }

  private add(record: PresentRecord, kind: Parameters<Findings['add']>[0]['kind'], cause: string): void {
    const id = this.raw(record.bytes, ID_SLOT);
    this.findings.add({
      kind,
      index: record.index,
      ...(ID.test(id) ? { recordId: id.slice(1, -1) } : idInLine(record)),
      cause,
    });
  }
}

/** The columns of one line; null when it is none. */
export function parseLine(line: Buffer): Columns | null {
  try {
    const columns: unknown = JSON.parse(line.toString());
    return typeof columns === 'object' && !Array.isArray(columns) ? (columns as Columns | null) : null;
  } catch {
    return null;
  }
}

/** What the database calls the record, when its own bytes cannot say. */
export function idInLine({ lines, lineStart, lineEnd }: PresentRecord): { recordId?: string } {
  const id = parseLine(lines.subarray(lineStart, lineEnd))?.id;
  return typeof id === 'string' && ID.test(`"${id}"`) ? { recordId: id } : {};
}

function isCommitted(bytes: Buffer, saltAt: number, end: number, entry: Buffer): boolean {
  const digest = hash('sha256', bytes.subarray(saltAt, end), 'binary');
  for (let offset = 0; offset < digest.length; offset += 1) {
    if (digest.charCodeAt(offset) !== entry[COMMITMENT_AT + offset]) return false;
  }
  return true;
}

function digits(bytes: Buffer, at: number, count: number): number {
  let number = 0;
  for (let offset = 0; offset < count; offset += 1) number = number * 10 + bytes[at + offset]! - 0x30;
  return number;
}

function fingerprint(bytes: Buffer, idEnd: number): number {
  let number = 0;
  let place = 1;
  for (let at = idEnd - 1, left = FINGERPRINT_DIGITS; left > 0; at -= 1) {
    const byte = bytes[at]!;
    if (byte === HYPHEN) continue;
    number += place * (byte < 0x3a ? byte - 0x30 : byte - 0x57);
    place *= 16;
    left -= 1;
  }
  return number;
}
