import { isUtf8 } from 'node:buffer';
import { compareBytes } from './compare-bytes.js';
import { NONE_WANTED, wantedMembers, type WantedMember } from './wanted-members.js';

const MAX_DEPTH = 32;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]\d+)?$/;
/** Characters that have a two-character escape; JCS knows no other way to write them. */
const SHORT_ESCAPES = new Set([...'"\\bfnrt'].map((character) => character.charCodeAt(0)));
/** Control characters that have one, in hexadecimal. */
const HAVE_SHORT = new Set(['08', '09', '0a', '0c', '0d']);
const CONTROL = /^u00([01][0-9a-f])$/;
const [QUOTE, BACKSLASH, COLON, COMMA, ZERO, NINE] = [0x22, 0x5c, 0x3a, 0x2c, 0x30, 0x39];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
/** The same byte four times. */
const [ONES, SPACES, QUOTES, BACKSLASHES, NOT_ASCII] = [0x01010101, 0x20202020, 0x22222222, 0x5c5c5c5c, 0x80808080];
/** Of any integer so long it is sure that a double holds it. */
const SAFE_DIGITS = 15;
const EMPTY = Buffer.alloc(0);

class NotCanonical extends Error {}

/**
 * Reads RFC 8785 (JCS) bytes in one pass and without making values of them: says whether they are canonical, and where
 * the wanted members stand. A parser and a serialiser that compare take three times as long.
 */
export class CanonicalScanner {
  /** For each wanted path the start and end of its value, quotes of a text included; 0 and 0 when it is absent. */
  readonly spans: Int32Array;
  private readonly wanted: readonly WantedMember[];
  private bytes: Uint8Array = EMPTY;
  private words = wordsOf(EMPTY);
  private end = 0;
  /** All bytes of texts, or-ed, four by four: with a high bit when there is more than ASCII. */
  private seen = 0;

  constructor(paths: readonly (readonly string[])[]) {
    this.spans = new Int32Array(paths.length * 2);
    this.wanted = wantedMembers(paths);
  }

  /** Null when bytes[start..end) are the canonical form of one JSON object; otherwise what is wrong, in words. */
  scan(bytes: Buffer, start: number, end: number): string | null {
    if (bytes !== this.bytes) [this.bytes, this.words] = [bytes, wordsOf(bytes)];
    this.end = end;
    this.seen = 0;
    this.spans.fill(0);
    try {
      if (bytes[start] !== OPEN_OBJECT) return 'is no JSON object';
      if (this.object(start + 1, this.wanted, 1) !== end) return 'goes on after its object';
    } catch (error) {
      if (error instanceof NotCanonical) return error.message;
      throw error;
    }
    return (this.seen & NOT_ASCII) !== 0 && !isUtf8(bytes.subarray(start, end)) ? 'is not UTF-8' : null;
  }

  /** `at` is behind the bracket. Each of these gives the place behind what it read. */
  private object(at: number, wanted: readonly WantedMember[], depth: number): number {
    const bytes = this.bytes;
    if (depth > MAX_DEPTH) throw new NotCanonical(`is nested more than ${MAX_DEPTH} deep`);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    let previousStart = 0;
    let previousEnd = 0;
    let next = 0;
    for (let here = at; ; here += 1) {
      if (bytes[here] !== QUOTE) throw new NotCanonical('has an object member without a name');
      const nameStart = here + 1;
      here = this.text(nameStart);
      if (previousEnd > 0 && this.compareNames(previousStart, previousEnd, nameStart, here - 1) >= 0) {
        throw new NotCanonical('has members out of order or twice');
      }
      previousStart = nameStart;
      previousEnd = here - 1;
      if (bytes[here] !== COLON) throw new NotCanonical('has a name without a value');
      // Both are in order, so one step forward at a time finds every wanted member.
      let order = -1;
      for (; next < wanted.length; next += 1) {
        const { name } = wanted[next]!;
        order = compareBytes(name, 0, name.length, bytes, nameStart, previousEnd);
        if (order >= 0) break;
      }
      const found = order === 0 ? wanted[next] : undefined;
      const valueStart = here + 1;
      here = this.value(valueStart, found === undefined ? NONE_WANTED : found.inside, depth);
      if (found && found.slot >= 0) {
        this.spans[found.slot * 2] = valueStart;
        this.spans[found.slot * 2 + 1] = here;
      }
      if (bytes[here] === CLOSE_OBJECT) return here + 1;
      if (bytes[here] !== COMMA) throw new NotCanonical('has an object that does not go on with a comma');
    }
  }

  private array(at: number, depth: number): number {
    if (depth > MAX_DEPTH) throw new NotCanonical(`is nested more than ${MAX_DEPTH} deep`);
    if (this.bytes[at] === CLOSE_ARRAY) return at + 1;
    for (let here = at; ; here += 1) {
      here = this.value(here, NONE_WANTED, depth);
      if (this.bytes[here] === CLOSE_ARRAY) return here + 1;
      if (this.bytes[here] !== COMMA) throw new NotCanonical('has an array that does not go on with a comma');
    }
  }

  private value(at: number, inside: readonly WantedMember[], depth: number): number {
    switch (this.bytes[at] ?? 0) {
      case QUOTE:
        return this.text(at + 1);
      case OPEN_OBJECT:
        return this.object(at + 1, inside, depth + 1);
      case OPEN_ARRAY:
        return this.array(at + 1, depth + 1);
      default:
        return this.literal(at);
    }
  }

  private text(at: number): number {
    const { bytes, words, end } = this;
    let seen = 0;
    for (let here = at; here < end; here += 1) {
      // Four bytes at a time, up to one that ends the text or that may not simply stand in it.
      for (; here + 4 <= end; here += 4) {
        const word = words.getInt32(here, true);
        seen |= word;
        const special = specialIn(word);
        if (special === 0) continue;
        here += (31 - Math.clz32(special & -special)) >> 3;
        break;
      }
      const byte = bytes[here]!;
      seen |= byte;
      if (byte === QUOTE) {
        this.seen |= seen;
        return here + 1;
      }
      if (byte < 0x20) throw new NotCanonical('has a control character in a text');
      if (byte === BACKSLASH) here = this.escape(here + 1);
    }
    throw new NotCanonical('ends within a text');
  }

  /** Gives the last place of the escape. */
  private escape(at: number): number {
    if (SHORT_ESCAPES.has(this.bytes[at] ?? 0)) return at;
    const [, hex] = CONTROL.exec(latin1(this.bytes, at, at + 5)) ?? [];
    if (hex === undefined || HAVE_SHORT.has(hex)) throw new NotCanonical('has an escape of another form');
    return at + 4;
  }

  private literal(at: number): number {
    let end = at;
    for (let byte = this.bytes[end]!; end < this.end && isOfLiteral(byte); byte = this.bytes[end]!) end += 1;
    if (isPlainInteger(this.bytes, at, end)) return end;
    const text = latin1(this.bytes, at, end);
    if (text === 'true' || text === 'false' || text === 'null') return end;
    // JCS writes numbers as ECMAScript does.
    if (NUMBER.test(text) && String(Number(text)) === text) return end;
    throw new NotCanonical('has a value that is no canonical number, text, array or object');
  }

  /** By UTF-16 code units (RFC 8785, section 3.2.3); for plain ASCII that is the order of the bytes. */
  private compareNames(aStart: number, aEnd: number, bStart: number, bEnd: number): number {
    const bytes = this.bytes;
    for (let offset = 0; ; offset += 1) {
      const a = aStart + offset < aEnd ? bytes[aStart + offset]! : -1;
      const b = bStart + offset < bEnd ? bytes[bStart + offset]! : -1;
      if (a > 0x7f || b > 0x7f || a === BACKSLASH || b === BACKSLASH) break;
      if (a !== b) return a - b;
      if (a === -1) return 0;
    }
    const [a, b] = [this.name(aStart, aEnd), this.name(bStart, bEnd)];
    return a < b ? -1 : Number(a > b);
  }

  private name(start: number, end: number): string {
    return JSON.parse(`"${Buffer.from(this.bytes.subarray(start, end)).toString()}"`) as string;
  }
}

/** The high bit of each byte that is a quote, a backslash or a control character; the lowest of them is exact. */
function specialIn(word: number): number {
  const quote = word ^ QUOTES;
  const backslash = word ^ BACKSLASHES;
  return (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((word - SPACES) & ~word)) & NOT_ASCII;
}

/** True for the integers that are written as they are and need no second look. */
function isPlainInteger(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > SAFE_DIGITS || (bytes[start] === ZERO && end - start > 1)) return false;
  for (let at = start; at < end; at += 1) if (bytes[at]! < ZERO || bytes[at]! > NINE) return false;
  return true;
}

/** Digits, sign, point, exponent and the letters of true, false and null. */
function isOfLiteral(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e
  );
}

function wordsOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString('latin1');
}
