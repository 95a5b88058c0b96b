import type { FieldGroup, Level, PurposeCode, Role } from '#contracts/domain.js';
import type { Release } from './decision.js';
import { grantReleases } from './grant-releases.js';
import type { Policy } from './policy.js';

/**
 * Every level other than F at which some row of the table can release a group. `t` stands for what the own column of a
 * member allows, and members are the roles that have a row of their own for the purpose of the grant. For each level a
 * property of that group must say what it means, if only `drop`.
 */
export function levelsInUse(policy: Policy, group: FieldGroup): readonly Level[] {
  const levels = Object.entries(policy.releases).flatMap(([key, row]) => {
    const [purpose] = key.split(';') as [PurposeCode, Role];
    const own = row.filter((release) => release.group === group);
    return own.some(({ level }) => level === 't') ? throughGrants(policy, purpose, own) : own;
  });
  return [...new Set(levels.map(({ level }) => level))].filter((level) => level !== 'F').sort();
}

function throughGrants(policy: Policy, purpose: PurposeCode, row: readonly Release[]): readonly Release[] {
  const roles = new Set(Object.values(policy.roles));
  const members = [...roles].filter((role) => policy.releases[`${purpose};${role}`] !== undefined);
  return members.flatMap((role) => grantReleases(policy, row, role));
}
