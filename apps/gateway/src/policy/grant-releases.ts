import type { Role } from '#contracts/domain.js';
import type { Release } from './decision.js';
import { allowsLevel } from './matrix-bound.js';
import type { MatrixCell, Policy } from './policy.js';

/** Roles that only a running grant gives: member of an MRT, member of the national escalation. */
export const GRANT_ROLES = ['MR', 'NE'] as const satisfies readonly Role[];
export type GrantRole = (typeof GRANT_ROLES)[number];

/**
 * What a grant releases to a member: the row of the grant's role, bounded by the member's own column of the matrix. `t`
 * means "as far as your own column goes"; a cell that is empty there, or holds but a condition that nobody can check
 * here, releases nothing. So an NGO in an MRT sees no more of a group than an NGO may (domain 3.4).
 */
export function grantReleases(policy: Policy, row: readonly Release[], ownRole: Role): readonly Release[] {
  return row.flatMap((release) => boundBy(policy, release, policy.matrix[release.group]?.[ownRole]) ?? []);
}

function boundBy(policy: Policy, release: Release, own: MatrixCell | undefined): Release | null {
  if (own === undefined || own.level === null) return null;
  const level = release.level === 't' ? own.level : release.level;
  if (!allowsLevel(own.level, level)) return null;
  const needed = policy.conditions.find(({ number }) => number === own.condition)?.requires ?? [];
  const [condition, ...more] = release.condition === undefined ? needed : [release.condition];
  if (more.length > 0) return null;
  return { group: release.group, level, ...(condition === undefined ? {} : { condition }) };
}
