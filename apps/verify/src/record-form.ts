import type { RetentionClass } from '#ledger/entry.js';
import { isAt } from './compare-bytes.js';
import { slotOf } from './column-line.js';

/** A kind of record. */
export interface RecordKind {
  readonly name: string;
  /** Which class a record of this kind may have: the log's own steps are kept for ever (libs/ledger/src/entry.ts). */
  readonly classes: readonly RetentionClass[];
  /** As the record has it. */
  readonly text: Buffer;
}

const CLASSES_OF_KIND: Readonly<Record<string, readonly RetentionClass[]>> = {
  DELIVERY: ['RELEASE'],
  CONSULTATION: ['RELEASE'],
  EVALUATION: ['RELEASE'],
  REFUSAL: ['REFUSAL'],
  ADMIN: ['ADMIN', 'PERMANENT'],
  ERASURE: ['PERMANENT'],
};
const KINDS: readonly RecordKind[] = Object.entries(CLASSES_OF_KIND).map(([name, classes]) => ({
  name,
  classes,
  text: Buffer.from(JSON.stringify(name)),
}));

/** Each letter stands for a kind of character: h a hexadecimal digit, 0 any digit; all others for themselves. */
const ID_FORM = Buffer.from('"hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh"');
const AT_FORM = Buffer.from('"0000-00-00T00:00:00.000Z"');
const [YEAR_AT, MONTH_AT, DAY_AT, HOUR_AT, MINUTE_AT, SECOND_AT, MS_AT] = [1, 6, 9, 12, 15, 18, 21];
const [ZERO, NINE, SMALL_A, SMALL_F, SMALL_H, HYPHEN] = [0x30, 0x39, 0x61, 0x66, 0x68, 0x2d];
/** Digits at the end of an id that fit a double exactly, and are random in a UUIDv7. */
const FINGERPRINT_DIGITS = 13;
const [ID_SLOT, AT_SLOT, KIND_SLOT] = [slotOf(['id']) * 2, slotOf(['at']) * 2, slotOf(['kind']) * 2];

/** What every record must have, as the scanner found it; null when it is there, otherwise what is wrong, in words. */
export function formProblem(bytes: Buffer, spans: Int32Array): string | null {
  if (!hasId(bytes, spans)) return 'has no id of the form of a UUID';
  if (!hasTime(bytes, spans)) return 'has no time in milliseconds and UTC';
  return kindOf(bytes, spans) ? null : 'is of no known kind';
}

/** True when the member `id` is a UUID. */
export function hasId(bytes: Buffer, spans: Int32Array): boolean {
  return isOfForm(bytes, spans[ID_SLOT]!, spans[ID_SLOT + 1]!, ID_FORM);
}

/** The id, which must be one. */
export function idOf(bytes: Buffer, spans: Int32Array): string {
  return bytes.toString('latin1', spans[ID_SLOT]! + 1, spans[ID_SLOT + 1]! - 1);
}

/** The last 52 bits of the id as a number. */
export function fingerprintOf(bytes: Buffer, spans: Int32Array): number {
  let number = 0;
  let place = 1;
  for (let at = spans[ID_SLOT + 1]! - 2, left = FINGERPRINT_DIGITS; left > 0; at -= 1) {
    const byte = bytes[at]!;
    if (byte === HYPHEN) continue;
    number += place * (byte <= NINE ? byte - ZERO : byte - SMALL_A + 10);
    place *= 16;
    left -= 1;
  }
  return number;
}

export function kindOf(bytes: Buffer, spans: Int32Array): RecordKind | null {
  const start = spans[KIND_SLOT]!;
  const length = spans[KIND_SLOT + 1]! - start;
  for (const kind of KINDS) if (kind.text.length === length && isAt(bytes, start, kind.text)) return kind;
  return null;
}

/** Month in which the record was made, year * 12 + month - 1. */
export function monthOf(bytes: Buffer, spans: Int32Array): number {
  const start = spans[AT_SLOT]!;
  return digits(bytes, start + YEAR_AT, 4) * 12 + digits(bytes, start + MONTH_AT, 2) - 1;
}

/** When the record says that it was made, in milliseconds since 1970. */
export function timeOf(bytes: Buffer, spans: Int32Array): number {
  const start = spans[AT_SLOT]!;
  return Date.UTC(
    digits(bytes, start + YEAR_AT, 4),
    digits(bytes, start + MONTH_AT, 2) - 1,
    digits(bytes, start + DAY_AT, 2),
    digits(bytes, start + HOUR_AT, 2),
    digits(bytes, start + MINUTE_AT, 2),
    digits(bytes, start + SECOND_AT, 2),
    digits(bytes, start + MS_AT, 3),
  );
}

function hasTime(bytes: Buffer, spans: Int32Array): boolean {
  if (!isOfForm(bytes, spans[AT_SLOT]!, spans[AT_SLOT + 1]!, AT_FORM)) return false;
  const month = digits(bytes, spans[AT_SLOT]! + MONTH_AT, 2);
  return month >= 1 && month <= 12;
}

function isOfForm(bytes: Buffer, start: number, end: number, form: Buffer): boolean {
  if (end - start !== form.length) return false;
  for (let offset = 0; offset < form.length; offset += 1) {
    const byte = bytes[start + offset]!;
    const wanted = form[offset]!;
    if (wanted === SMALL_H) {
      if (!isDigit(byte) && !isSmallHex(byte)) return false;
    } else if (wanted === ZERO) {
      if (!isDigit(byte)) return false;
    } else if (byte !== wanted) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isSmallHex(byte: number): boolean {
  return byte >= SMALL_A && byte <= SMALL_F;
}

function digits(bytes: Buffer, at: number, count: number): number {
  let number = 0;
  for (let offset = 0; offset < count; offset += 1) number = number * 10 + bytes[at + offset]! - ZERO;
  return number;
}
