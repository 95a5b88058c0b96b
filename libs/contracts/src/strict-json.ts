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

/**
 * Parses I-JSON (RFC 7493): UTF-8, no key twice in one object, at most 32 levels. JSON.parse judges the grammar; one scan
 * over the text, without recursion, judges what it lets through.
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
  checkDepth(text);
  try {
    value = JSON.parse(text);
  } catch {
    throw new StrictJsonError('MALFORMED_JSON');
  }
  checkKeys(text);
  return value;
}

function checkDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at);
    else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new StrictJsonError('NESTING_TOO_DEEP');
    } else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
}

/** Grammar is known to be right here, so a string before a colon is a key. */
function checkKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x7b) open.push(new Set());
    else if (char === 0x5b) open.push(null);
    else if (char === 0x7d || char === 0x5d) open.pop();
    else if (char === QUOTE) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && nextToken(text, end + 1) === COLON) addKey(keys, text.slice(at, end + 1));
      at = end;
    }
  }
}

function addKey(keys: Set<string>, raw: string): void {
  // Escapes are resolved first: "\u0061" and "a" are one key.
  const key = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  if (UNSAFE_KEYS.has(key)) throw new StrictJsonError('MALFORMED_JSON');
  if (keys.has(key)) throw new StrictJsonError('DUPLICATE_KEY');
  keys.add(key);
}

/** Position of the closing quote; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) return at;
    at += char === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

function nextToken(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at);
}
