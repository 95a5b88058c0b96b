import type { LevelAction, PropertyRule } from '#contracts/contract.js';
import type { FieldGroup } from '#contracts/domain.js';
import type { Release } from './decision.js';

/** The release of a group for one property, undefined when there is none or its condition does not hold. */
export type ReleaseLookup = (group: FieldGroup, pointer: string) => Release | undefined;

/** What may happen to a property: default deny, F keeps, any other level does what the contract says of it. */
export function actionFor(rule: PropertyRule, lookup: ReleaseLookup): LevelAction {
  const release = lookup(rule.group, rule.pointer);
  if (release === undefined) return 'drop';
  return release.level === 'F' ? 'keep' : (rule.levels[release.level] ?? 'drop');
}

/** A value with a group of its own is released only when that group is released in full, whatever its property's is. */
export function isValueReleased(group: FieldGroup, pointer: string, lookup: ReleaseLookup): boolean {
  return lookup(group, pointer)?.level === 'F';
}

/** Properties of array items have `*` in their pointer: there the item can go, so that nothing remains to guess from. */
export function isInItem(pointer: string): boolean {
  return pointer.includes('/*');
}

/**
 * Whether a property outside arrays stays away for all its values because one of them is withheld. If only that value
 * were left out, its absence would say it: no `residence_status` would mean art. 64.
 */
export function isWithheldForAValue(rule: PropertyRule, lookup: ReleaseLookup): boolean {
  if (isInItem(rule.pointer)) return false;
  return Object.values(rule.values).some(({ group }) => !isValueReleased(group, rule.pointer, lookup));
}

/** The group of the property and those of its special values. */
export function groupsOfRule(rule: PropertyRule): readonly FieldGroup[] {
  return [rule.group, ...Object.values(rule.values).map(({ group }) => group)];
}

/** A JSON scalar as the text by which `map` and `values` name it. */
export function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
