import { createHash } from 'node:crypto';

/**
 * A UUID that always follows from the same text (RFC 9562, version 8). Own ids are made this way, so that a retry after
 * a crash names the same message, stay or dossier part.
 */
export function stableId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
