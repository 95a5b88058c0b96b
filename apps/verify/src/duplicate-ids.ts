/**
 * Tails of ids that stand twice. Sorting numbers finds them among millions in a second; since a tail is 52 bits of an id
 * and ids are random there, the same tail is nearly always the same id.
 */
export function repeatedFingerprints(parts: readonly Float64Array[]): Set<number> {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  all.sort();
  const repeated = new Set<number>();
  for (let at = 1; at < all.length; at += 1) if (all[at] === all[at - 1]) repeated.add(all[at] as number);
  return repeated;
}
