/** A member of a JSON object whose place in the bytes is wanted. */
export interface WantedMember {
  readonly name: Buffer;
  /** Position in the spans of the scanner; negative for a member that is only the way to others. */
  readonly slot: number;
  readonly inside: readonly WantedMember[];
}

export const NONE_WANTED: readonly WantedMember[] = [];

/** The paths as a tree, each level in the order of the bytes of its names; a path's slot is its position. */
export function wantedMembers(paths: readonly (readonly string[])[]): readonly WantedMember[] {
  return levelOf(paths.map((path, slot) => ({ path, slot })));
}

function levelOf(paths: readonly { readonly path: readonly string[]; readonly slot: number }[]): WantedMember[] {
  const names = [...new Set(paths.map(({ path }) => path[0] ?? ''))].sort();
  return names.map((name) => {
    const own = paths.filter(({ path }) => path[0] === name);
    const inside = own.filter(({ path }) => path.length > 1);
    const slot = own.find(({ path }) => path.length === 1)?.slot ?? -1;
    return {
      name: Buffer.from(name),
      slot,
      inside: levelOf(inside.map(({ path, slot }) => ({ path: path.slice(1), slot }))),
    };
  });
}
