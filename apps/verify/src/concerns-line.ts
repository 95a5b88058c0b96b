import { compareBytes, isAt } from './compare-bytes.js';

const NULL = Buffer.from('null');
const [QUOTE, BACKSLASH, COMMA, OPEN_ARRAY, CLOSE_ARRAY] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d];
/** A record names a handful; one that names more is compared the slow way. */
const ORGANISATIONS_MAX = 32;

/**
 * The column `concerns` as the bytes that JSON has for it: the organisations that a record names, each once, in order.
 * One for each thread: it keeps its working memory.
 */
export class ConcernsLine {
  /** Where the organisations stand in the record, quotes included, in the order of the column. */
  private readonly starts = new Int32Array(ORGANISATIONS_MAX);
  private readonly ends = new Int32Array(ORGANISATIONS_MAX);
  private count = 0;

  /** Place behind the column when the line has it from `at` on; -1 when not, or when only values can tell. */
  endIn(line: Buffer, at: number, record: Buffer, spans: Int32Array, slots: readonly number[]): number {
    if (!this.collect(record, spans, slots)) return -1;
    if (this.count === 0) return isAt(line, at, NULL) ? at + NULL.length : -1;
    let here = at;
    for (let position = 0; position < this.count; position += 1) {
      if (line[here] !== (position === 0 ? OPEN_ARRAY : COMMA)) return -1;
      here += 1;
      const end = this.ends[position]!;
      for (let from = this.starts[position]!; from < end; from += 1, here += 1)
        if (line[here] !== record[from]) return -1;
    }
    return line[here] === CLOSE_ARRAY ? here + 1 : -1;
  }

  /** False when a member is not a text, or not an array of plain texts. */
  private collect(record: Buffer, spans: Int32Array, slots: readonly number[]): boolean {
    this.count = 0;
    for (const slot of slots) {
      const start = spans[slot * 2]!;
      const end = spans[slot * 2 + 1]!;
      if (end === 0) continue;
      const isArray = record[start] === OPEN_ARRAY;
      const last = isArray ? end - 1 : end;
      for (let at = isArray ? start + 1 : start; at < last; at += 1) {
        const behind = endOfPlainText(record, at);
        if (behind < 0 || !this.insert(record, at, behind)) return false;
        at = behind;
      }
    }
    return true;
  }

  private insert(record: Buffer, start: number, end: number): boolean {
    const { starts, ends } = this;
    let place = this.count;
    for (; place > 0; place -= 1) {
      const order = compareBytes(record, starts[place - 1]!, ends[place - 1]!, record, start, end);
      if (order === 0) return true;
      if (order < 0) break;
    }
    if (this.count === ORGANISATIONS_MAX) return false;
    for (let later = this.count; later > place; later -= 1) {
      starts[later] = starts[later - 1]!;
      ends[later] = ends[later - 1]!;
    }
    starts[place] = start;
    ends[place] = end;
    this.count += 1;
    return true;
  }
}

/** Place behind the closing quote, or -1 when this is no text or has an escape in it. The bytes are canonical JSON. */
function endOfPlainText(record: Buffer, start: number): number {
  if (record[start] !== QUOTE) return -1;
  for (let at = start + 1; ; at += 1) {
    if (record[at] === QUOTE) return at + 1;
    if (record[at] === BACKSLASH) return -1;
  }
}
