/** Object ids of element types; fixed in PostgreSQL (pg_type.dat). */
const ELEMENT = { bytea: 17, jsonb: 3802 } as const;
/** Version of the binary form of jsonb, before its text. */
const JSONB_VERSION = 1;
/** Dimensions, whether there are nulls, element type; then, of the one dimension, its length and first index. */
const HEADER_INTS = 5;
const INT_BYTES = 4;
const NULL_LENGTH = -1;

/**
 * A `bytea[]` in PostgreSQL's binary form, which `pg` sends as it is. As text each byte is two digits in a literal that
 * is built here, escaped, and read there character by character: for a batch of messages that is most of what is sent.
 */
export function byteaArray(items: readonly (Uint8Array | null)[]): Buffer {
  return binaryArray(ELEMENT.bytea, items);
}

/** A `jsonb[]` likewise, of JSON texts. */
export function jsonbArray(texts: readonly string[]): Buffer {
  const version = String.fromCharCode(JSONB_VERSION);
  return binaryArray(
    ELEMENT.jsonb,
    texts.map((text) => Buffer.from(version + text, 'utf8')),
  );
}

function binaryArray(elementType: number, items: readonly (Uint8Array | null)[]): Buffer {
  const bytes = items.reduce((sum, item) => sum + INT_BYTES + (item?.length ?? 0), HEADER_INTS * INT_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  const hasNull = items.includes(null) ? 1 : 0;
  let at = 0;
  for (const value of [1, hasNull, elementType, items.length, 1]) at = array.writeInt32BE(value, at);
  for (const item of items) {
    at = array.writeInt32BE(item?.length ?? NULL_LENGTH, at);
    if (item === null) continue;
    array.set(item, at);
    at += item.length;
  }
  return array;
}
