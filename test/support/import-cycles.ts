import type { SourceFile } from './source-tree.js';

/** Each cycle of imports once, as `a -> b -> a`. */
export function cyclesIn(sources: readonly SourceFile[]): readonly string[] {
  const next = new Map(
    sources.map(({ path, imports }) => [path, imports.filter((one) => one.own).map((one) => one.to)]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const target of next.get(path) ?? []) walk(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of next.keys()) walk(path, []);
  return found;
}
