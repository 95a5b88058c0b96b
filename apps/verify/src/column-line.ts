import { hash } from 'node:crypto';
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
const QUOTE = 0x22;
const OPEN_ARRAY = 0x5b;

/** Where a scanned member stands in the scanner's spans. */
export function slotOf(path: readonly string[]): number {
  return SCANNED_MEMBERS.findIndex((one) => one.join() === path.join());
}

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
    const [from, to] = [spans[slot * 2]!, spans[slot * 2 + 1]!];
    if (to === 0) {
      if (!isAt(line, at, NULL)) return false;
      at += NULL.length;
    } else {
      for (let offset = from; offset < to; offset += 1, at += 1) if (line[at] !== record[offset]) return false;
    }
  }
  const concerns = concernsText(record, spans);
  if (concerns === null || !isAt(line, at, CONCERNS) || !isTextAt(line, at + CONCERNS.length, concerns)) return false;
  at += CONCERNS.length + concerns.length;
  const digest = hash('sha256', entry, 'hex');
  if (!isAt(line, at, ENTRY_DIGEST) || !isTextAt(line, at + ENTRY_DIGEST.length, digest)) return false;
  at += ENTRY_DIGEST.length + digest.length;
  const tail = tailOf(entry);
  return isAt(line, at, tail) && at + tail.length === end;
}

/** End of the line that starts here, or -1. */
export function endOfLine(lines: Buffer, start: number): number {
  return lines.indexOf(NEWLINE, start);
}

/** The organisations as JSON, or null when they are not plain texts. */
function concernsText(record: Buffer, spans: Int32Array): string | null {
  const oins: string[] = [];
  for (const slot of CONCERNING_SLOTS) {
    const [from, to] = [spans[slot * 2]!, spans[slot * 2 + 1]!];
    if (to === 0) continue;
    const text = record.toString('latin1', from, to);
    if (text.includes('\\')) return null;
    if (record[from] === QUOTE) add(oins, text);
    else if (record[from] === OPEN_ARRAY && to - from > 2)
      for (const one of text.slice(1, -1).split(',')) add(oins, one);
  }
  if (oins.length === 0) return 'null';
  return `[${oins.sort().join(',')}]`;
}

function add(oins: string[], oin: string): void {
  if (!oins.includes(oin)) oins.push(oin);
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

function isAt(line: Buffer, at: number, literal: Buffer): boolean {
  for (let offset = 0; offset < literal.length; offset += 1) if (line[at + offset] !== literal[offset]) return false;
  return true;
}

function isTextAt(line: Buffer, at: number, text: string): boolean {
  for (let offset = 0; offset < text.length; offset += 1)
    if (line[at + offset] !== text.charCodeAt(offset)) return false;
  return true;
}
