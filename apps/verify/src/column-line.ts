import { hash } from 'node:crypto';
import { isAt, isTextAt } from './compare-bytes.js';
import { ConcernsLine } from './concerns-line.js';
import { CONCERNING_MEMBERS, expiresMonthOf, MEMBER_COLUMNS, retentionClassOf } from './record-columns.js';

/** Members of a record whose place the scanner must find: those of the columns, then those of `concerns`. */
export const SCANNED_MEMBERS: readonly (readonly string[])[] = [
  ...Object.values(MEMBER_COLUMNS),
  // Only three more: `peer.oin` is a column already.
  ...CONCERNING_MEMBERS.filter(([first]) => first !== 'peer'),
];
const CONCERNING_SLOTS = CONCERNING_MEMBERS.map((path) => slotOf(path));

const PREFIXES = Object.keys(MEMBER_COLUMNS).map((column, position) =>
  Buffer.from(`${position === 0 ? '{' : ','}"${column}":`),
);
const NULL = Buffer.from('null');
const CONCERNS = Buffer.from(',"concerns":');
const ENTRY_DIGEST = Buffer.from(',"entry_digest":"');
const NEWLINE = 0x0a;

/** Where a scanned member stands in the scanner's spans. */
export function slotOf(path: readonly string[]): number {
  return SCANNED_MEMBERS.findIndex((one) => one.join() === path.join());
}

const concerned = new ConcernsLine();
/** The end of a line repeats class and month of the entry: few of them in a whole log. */
const tails = new Map<number, Buffer>();

/**
 * The quick way to see that a line of searchable columns says what the record says: it is byte for byte the line that
 * the export would write. True means equal; false means that only a comparison of values can tell.
 */
export function isLineOf(
  line: Buffer,
  start: number,
  end: number,
  record: Buffer,
  spans: Int32Array,
  entry: Buffer,
): boolean {
  let at = start;
  for (let slot = 0; slot < PREFIXES.length; slot += 1) {
    const prefix = PREFIXES[slot]!;
    if (!isAt(line, at, prefix)) return false;
    at += prefix.length;
    const from = spans[slot * 2]!;
    const to = spans[slot * 2 + 1]!;
    if (to === 0) {
      if (!isAt(line, at, NULL)) return false;
      at += NULL.length;
    } else {
      for (let offset = from; offset < to; offset += 1, at += 1) if (line[at] !== record[offset]) return false;
    }
  }
  if (!isAt(line, at, CONCERNS)) return false;
  at = concerned.endIn(line, at + CONCERNS.length, record, spans, CONCERNING_SLOTS);
  if (at < 0 || !isAt(line, at, ENTRY_DIGEST)) return false;
  const digest = hash('sha256', entry, 'hex');
  if (!isTextAt(line, at + ENTRY_DIGEST.length, digest)) return false;
  at += ENTRY_DIGEST.length + digest.length;
  const tail = tailOf(entry);
  return isAt(line, at, tail) && at + tail.length === end;
}

/** End of the line that starts here, or -1. */
export function endOfLine(lines: Buffer, start: number): number {
  return lines.indexOf(NEWLINE, start);
}

function tailOf(entry: Buffer): Buffer {
  const key = entry.readUIntBE(1, 3);
  const known = tails.get(key);
  if (known) return known;
  const tail = Buffer.from(
    `","retention_class":"${retentionClassOf(entry) ?? ''}","expires_month":"${expiresMonthOf(entry)}"}`,
  );
  tails.set(key, tail);
  return tail;
}
