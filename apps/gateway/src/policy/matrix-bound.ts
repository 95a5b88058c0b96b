import type { Level } from '#contracts/domain.js';
import type { Release } from './decision.js';
import type { MatrixCell, MatrixCondition } from './policy.js';

/** Levels that a cell of the matrix allows: itself and what says less. `s` and `t` are procedures of their own. */
const WITHIN: Readonly<Record<Level, readonly Level[]>> = {
  F: ['F', 'm', 'b', 'o', 'a'],
  m: ['m', 'b'],
  b: ['b'],
  o: ['o'],
  a: ['a'],
  s: ['s'],
  t: ['t'],
};

/** Whether a cell that holds `bound` allows a release at `level`. */
export function allowsLevel(bound: Level, level: Level): boolean {
  return WITHIN[bound].includes(level);
}

/**
 * Why a release exceeds the upper bound of its cell (domain 3.3), or null when it stays within.
 * A cell that only holds a condition allows what that condition says; a condition that a release can enforce itself
 * must stand on the release.
 */
export function exceedsMatrix(
  release: Release,
  cell: MatrixCell | undefined,
  conditions: readonly MatrixCondition[],
): string | null {
  const condition = conditions.find(({ number }) => number === cell?.condition);
  const bound = cell?.level ?? condition?.bareLevel;
  if (bound === undefined) return `${release.group} is not released to this role at all`;
  if (!allowsLevel(bound, release.level)) return `${release.group}=${release.level} exceeds ${bound}`;
  if (condition === undefined || condition.requires.length === 0) return null;
  if (release.condition !== undefined && condition.requires.includes(release.condition)) return null;
  return `${release.group} lacks condition ${condition.requires.join(' or ')}`;
}
