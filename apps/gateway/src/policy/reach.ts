import type { Contract, LevelAction, PropertyRule } from '#contracts/contract.js';
import type { FieldGroup } from '#contracts/domain.js';
import { conditionCanHold, isExitClass } from './conditions.js';
import type { Release } from './decision.js';
import { actionFor, groupsOfRule, isValueReleased, isWithheldForAValue, type ReleaseLookup } from './level-action.js';

/**
 * Which groups of a contract the releases let through in some form, and which not; both sorted. Computed from rules and
 * releases alone and never from content: an absent field and a withheld one look alike in the record and the answer.
 * @param contract null for a view that is not one message; conditions on the message then do not hold.
 */
export function reachOf(
  rules: readonly PropertyRule[],
  releases: readonly Release[],
  contract: Contract | null,
): { readonly released: readonly FieldGroup[]; readonly withheld: readonly FieldGroup[] } {
  const lookup = lookupIn(releases, contract);
  const released = new Set(rules.flatMap((rule) => reachOfRule(rule, rules, lookup)));
  const all = new Set(rules.flatMap(groupsOfRule));
  return {
    released: [...released].sort(),
    withheld: [...all].filter((group) => !released.has(group)).sort(),
  };
}

/** Pointers of the properties that the releases let through in some form. */
export function propertiesReleased(
  rules: readonly PropertyRule[],
  releases: readonly Release[],
  contract: Contract | null,
): readonly string[] {
  return [...formsReleased(rules, releases, contract).keys()];
}

/** The same with the form in which each comes through. One that shows only special values of itself counts as coded. */
export function formsReleased(
  rules: readonly PropertyRule[],
  releases: readonly Release[],
  contract: Contract | null,
): ReadonlyMap<string, LevelAction> {
  const lookup = lookupIn(releases, contract);
  return new Map(
    rules.flatMap((rule) => {
      if (reachOfRule(rule, rules, lookup).length === 0) return [];
      const action = actionFor(rule, lookup);
      return [[rule.pointer, action === 'drop' ? { map: {} } : action]];
    }),
  );
}

/** A release whose condition no content of this contract can fulfil counts as none. */
function lookupIn(releases: readonly Release[], contract: Contract | null): ReleaseLookup {
  return (group, pointer) => {
    const release = releases.find((candidate) => candidate.group === group);
    if (release?.condition === undefined) return release;
    return conditionCanHold(release.condition, pointer, contract) ? release : undefined;
  };
}

/** Properties of which a reader gets nothing because of one of their values; shown in the generated release table. */
export function withheldForAValue(rules: readonly PropertyRule[], releases: readonly Release[]): readonly string[] {
  const lookup: ReleaseLookup = (group) => releases.find((candidate) => candidate.group === group);
  return rules
    .filter((rule) => actionFor(rule, lookup) !== 'drop' && isWithheldForAValue(rule, lookup))
    .map((rule) => rule.pointer);
}

function reachOfRule(rule: PropertyRule, rules: readonly PropertyRule[], lookup: ReleaseLookup): FieldGroup[] {
  if (!rules.every((other) => letsThrough(other, rule.pointer, lookup))) return [];
  const groups = Object.values(rule.values)
    .map(({ group }) => group)
    .filter((group) => isValueReleased(group, rule.pointer, lookup));
  return ownGroupAppears(rule, lookup) ? [rule.group, ...groups] : groups;
}

function ownGroupAppears(rule: PropertyRule, lookup: ReleaseLookup): boolean {
  const action = actionFor(rule, lookup);
  if (action === 'drop' || isWithheldForAValue(rule, lookup)) return false;
  if (lookup(rule.group, rule.pointer)?.condition !== '15') return true;
  return action !== 'keep' && 'map' in action && Object.values(action.map).some(isExitClass);
}

/** A rule on a parent must let its member through: a dropped or coded parent shows none, a partial one the named ones. */
function letsThrough(parent: PropertyRule, pointer: string, lookup: ReleaseLookup): boolean {
  if (!pointer.startsWith(`${parent.pointer}/`)) return true;
  const action = actionFor(parent, lookup);
  if (lookup(parent.group, parent.pointer)?.condition === '15') return false;
  if (action === 'keep') return true;
  if (action === 'drop' || 'map' in action) return false;
  const [member] = pointer
    .slice(parent.pointer.length + 1)
    .split('/')
    .filter((segment) => segment !== '*');
  return member === undefined || action.members.includes(member);
}
