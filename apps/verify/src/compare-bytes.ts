/** True when the literal stands at this place. */
export function isAt(bytes: Uint8Array, at: number, literal: Uint8Array): boolean {
  for (let offset = 0; offset < literal.length; offset += 1) if (bytes[at + offset] !== literal[offset]) return false;
  return true;
}

/** True when the text, of characters of one byte, stands at this place. */
export function isTextAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let offset = 0; offset < text.length; offset += 1)
    if (bytes[at + offset] !== text.charCodeAt(offset)) return false;
  return true;
}

/** Below 0 when a[aStart..aEnd) comes before b[bStart..bEnd) in the order of the bytes, 0 when they are the same. */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let offset = 0; offset < length; offset += 1) {
    const difference = a[aStart + offset]! - b[bStart + offset]!;
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}
