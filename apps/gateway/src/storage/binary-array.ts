/** How one element of a type is written: its object id is fixed in PostgreSQL (pg_type.dat). */
interface ElementType<Value> {
  readonly oid: number;
  readonly bytesOf: (value: Value) => number;
  readonly put: (array: Buffer, value: Value, at: number) => void;
}

const UUID_BYTES = 16;
const INT_BYTES = 4;
const TIMESTAMP_BYTES = 8;
/** PostgreSQL counts microseconds from 2000-01-01T00:00:00Z. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const MICROSECONDS = 1_000;
const TWO_TO_32 = 2 ** 32;
/** Version of the binary form of jsonb, before its text. */
const JSONB_VERSION = 1;

const bytea: ElementType<Uint8Array> = {
  oid: 17,
  bytesOf: (value) => value.length,
  put: (array, value, at) => array.set(value, at),
};
const text: ElementType<string> = {
  oid: 25,
  bytesOf: (value) => Buffer.byteLength(value, 'utf8'),
  put: (array, value, at) => array.write(value, at, 'utf8'),
};
/** JSON texts. */
const jsonb: ElementType<string> = {
  oid: 3802,
  bytesOf: (value) => 1 + Buffer.byteLength(value, 'utf8'),
  put: (array, value, at) => array.write(value, array.writeUInt8(JSONB_VERSION, at), 'utf8'),
};
const HYPHEN = 0x2d;
const NO_DIGIT = 16;
/** By character code. */
const HEX_DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? NO_DIGIT : digit;
});

/** Number of bytes written: up to sixteen, and none when something else than hex digits and hyphens stands there. */
function putHex(array: Buffer, text: string, start: number): number {
  let digits = 0;
  let high = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === HYPHEN) continue;
    const digit = HEX_DIGITS[code] ?? NO_DIGIT;
    if (digit === NO_DIGIT || digits === 2 * UUID_BYTES) return 0;
    if (digits % 2 === 0) high = digit << 4;
    else array[start + (digits >> 1)] = high | digit;
    digits += 1;
  }
  return digits / 2;
}

const uuid: ElementType<string> = {
  oid: 2950,
  bytesOf: () => UUID_BYTES,
  put: (array, value, at) => {
    if (putHex(array, value, at) !== UUID_BYTES) throw new Error('this is no UUID');
  },
};
const int: ElementType<number> = {
  oid: 23,
  bytesOf: () => INT_BYTES,
  put: (array, value, at) => array.writeInt32BE(value, at),
};
/** RFC 3339, to the millisecond: what is finer falls away, and after 2255 some microseconds are off. */
const timestamptz: ElementType<string> = {
  oid: 1184,
  bytesOf: () => TIMESTAMP_BYTES,
  put: (array, value, at) => {
    const micros = (Date.parse(value) - POSTGRES_EPOCH_MS) * MICROSECONDS;
    if (Number.isNaN(micros)) throw new Error('this is no point in time');
    // Two halves: a BigInt for each of them would be garbage.
    const high = Math.floor(micros / TWO_TO_32);
    array.writeUInt32BE(micros - high * TWO_TO_32, array.writeInt32BE(high, at));
  },
};

/** By the name that a cast in SQL gives them. */
const ELEMENTS = { bytea, text, jsonb, uuid, int, timestamptz };
export type BinaryElement = keyof typeof ELEMENTS;
type ValueOf<Name extends BinaryElement> = (typeof ELEMENTS)[Name] extends ElementType<infer Value> ? Value : never;

/** Dimensions, whether there are nulls, element type; then, of the one dimension, its length and first index. */
const HEADER_INTS = 5;
const NULL_LENGTH = -1;

export function isBinaryElement(name: string): name is BinaryElement {
  return Object.hasOwn(ELEMENTS, name);
}

/**
 * An array in PostgreSQL's binary form, which `pg` sends as it is. As text it is a literal that is built and escaped
 * here, and read there character by character: for a batch of messages that is most of what is sent.
 *
 * @throws Error for a UUID or a point in time that is none, RangeError for an integer of more than 32 bits.
 */
export function binaryArray<Name extends BinaryElement>(name: Name, items: readonly (ValueOf<Name> | null)[]): Buffer {
  const { oid, bytesOf, put } = ELEMENTS[name] as unknown as ElementType<ValueOf<Name>>;
  const sizes = items.map((item) => (item === null ? NULL_LENGTH : bytesOf(item)));
  const bytes = sizes.reduce((sum, size) => sum + INT_BYTES + Math.max(size, 0), HEADER_INTS * INT_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const value of [1, sizes.includes(NULL_LENGTH) ? 1 : 0, oid, items.length, 1])
    at = array.writeInt32BE(value, at);
  items.forEach((item, place) => {
    at = array.writeInt32BE(sizes[place] ?? NULL_LENGTH, at);
    if (item === null) return;
    put(array, item, at);
    at += sizes[place] ?? 0;
  });
  return array;
}

/** One column of rows as such an array: one element a row. */
export function binaryColumn<Row, Name extends BinaryElement>(
  name: Name,
  rows: readonly Row[],
  valueOf: (row: Row) => ValueOf<Name> | null,
): Buffer {
  return binaryArray(name, rows.map(valueOf));
}
