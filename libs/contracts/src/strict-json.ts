/** Why a document was not read. Never says what stood in it. */
export type StrictJsonCode = 'MALFORMED_JSON' | 'DUPLICATE_KEY' | 'NESTING_TOO_DEEP';

export class StrictJsonError extends Error {
  constructor(readonly code: StrictJsonCode) {
    super(code);
    this.name = 'StrictJsonError';
  }
}

const MAX_DEPTH = 32;
/** Names that would reach an object's prototype. */
const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/**
 * Parses I-JSON (RFC 7493): UTF-8, no key twice in one object, at most 32 levels. JSON.parse judges the grammar. What it
 * lets through is counted: each key of the text has one colon, and a key that stands twice is one property of the value.
 * @throws StrictJsonError
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new StrictJsonError('MALFORMED_JSON');
  }
  // Depth first: JSON.parse itself must not be given what it cannot hold.
  const keysInText = countKeys(text);
  try {
    value = JSON.parse(text);
  } catch {
    throw new StrictJsonError('MALFORMED_JSON');
  }
  if (countProperties(value) !== keysInText) throw new StrictJsonError('DUPLICATE_KEY');
  return value;
}

/** Colons outside texts: in a grammatical document one a key. Without recursion, since the depth is not known yet. */
function countKeys(text: string): number {
  let depth = 0;
  let keys = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case COLON:
        keys += 1;
        break;
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        depth += 1;
        if (depth > MAX_DEPTH) throw new StrictJsonError('NESTING_TOO_DEEP');
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        depth -= 1;
        break;
    }
  }
  return keys;
}

/** Own properties of all objects within, at a depth that is known to be small. */
function countProperties(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  let properties = 0;
  if (Array.isArray(value)) {
    for (const item of value) properties += countProperties(item);
    return properties;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(object)) {
    if (UNSAFE_KEYS.has(key)) throw new StrictJsonError('MALFORMED_JSON');
    properties += 1 + countProperties(object[key]);
  }
  return properties;
}

/** Position of the closing quote; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** A quote behind an odd number of backslashes belongs to the text. */
function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1;
  while (text.charCodeAt(at) === BACKSLASH) at -= 1;
  return (quote - at) % 2 === 0;
}
