/** Texts of the ledger have one spelling for each value: what is read must be exactly what would be written. */

/** Bytes of standard base64 (RFC 4648, section 4) with its padding and nothing else, or null. */
export function parseBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return text.length > 0 && bytes.toString('base64') === text ? bytes : null;
}

/** A decimal count without sign or leading zeros, at most 2^53 - 1, or null. */
export function parseCount(text: string): number | null {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return null;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : null;
}
