import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalText } from '#contracts/canonical.js';

const ID_BYTES = 16;
const TIME_BYTES = 6;
const TAG_BYTES = 14;
const POSITION_BYTES = ID_BYTES + TIME_BYTES;

/** Where a page ended. */
export interface Position {
  /** Last record shown; its time stands in it (UUIDv7). */
  readonly id: string;
  /** Beginning of the period as the first page understood it, ms since 1970; 0: none. */
  readonly fromMs: number;
}

/** What a cursor belongs to: another officer's, or one of another question, is none. */
export interface CursorScope {
  readonly indexKey: Buffer;
  readonly thumbprint: string;
  /** The question without limit and cursor. */
  readonly question: Readonly<Record<string, unknown>>;
}

/** 48 characters, opaque: position and a keyed digest over it and the question. */
export function formatCursor(scope: CursorScope, { id, fromMs }: Position): string {
  const position = Buffer.alloc(POSITION_BYTES);
  position.write(id.replaceAll('-', ''), 0, 'hex');
  position.writeUIntBE(fromMs, ID_BYTES, TIME_BYTES);
  return Buffer.concat([position, tagOf(scope, position)]).toString('base64url');
}

/** The position, or null when this cursor was not given to this officer for this question. */
export function parseCursor(scope: CursorScope, cursor: string): Position | null {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== POSITION_BYTES + TAG_BYTES || bytes.toString('base64url') !== cursor) return null;
  const position = bytes.subarray(0, POSITION_BYTES);
  if (!timingSafeEqual(bytes.subarray(POSITION_BYTES), tagOf(scope, position))) return null;
  const id = position.toString('hex', 0, ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id, fromMs: position.readUIntBE(ID_BYTES, TIME_BYTES) };
}

function tagOf({ indexKey, thumbprint, question }: CursorScope, position: Buffer): Buffer {
  return createHmac('sha256', indexKey)
    .update(['ketenpoort/log-cursor/v1', thumbprint, canonicalText(question)].join('\u0000'), 'utf8')
    .update(position)
    .digest()
    .subarray(0, TAG_BYTES);
}
