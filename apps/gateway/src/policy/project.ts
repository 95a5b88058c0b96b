import type { LevelAction, PropertyRule } from '#contracts/contract.js';
import type { FieldGroup } from '#contracts/domain.js';
import { conditionHolds, isExitClass, type ProjectionContext } from './conditions.js';
import type { Release } from './decision.js';
import {
  actionFor,
  groupsOfRule,
  isInItem,
  isValueReleased,
  isWithheldForAValue,
  scalarText,
  type ReleaseLookup,
} from './level-action.js';

type JsonObject = Readonly<Record<string, unknown>>;

const OMIT = Symbol('omit this property');
/** The innermost array item that holds the value goes: an item without its type would give the type away. */
const OMIT_ITEM = Symbol('omit the array item around it');

type Limit = readonly string[] | null;

interface Job {
  readonly rules: ReadonlyMap<string, PropertyRule>;
  readonly lookup: ReleaseLookup;
}

/**
 * The content as this reader may see it. Default deny: a property without a rule, and outside a kept parent with one,
 * is left out. Never adds a property, never changes a value but by a code of its rule, never touches the input.
 *
 * - A dropped parent is final; a kept parent keeps the members that have no rule of their own.
 * - A value with its own group (`rule.values`) belongs to that group alone. Withheld in an array: the item goes.
 *   Withheld elsewhere: the property goes for every value (see isWithheldForAValue).
 * - A parent that ends up empty goes. One that was empty stays only for a reader who sees everything in it; to others
 *   "none" and "none that you may see" look alike.
 * @throws Error when two rules name the same pointer (a broken contract, found when contracts are built).
 */
export function project(
  data: JsonObject,
  rules: readonly PropertyRule[],
  releases: readonly Release[],
  context: ProjectionContext,
): Record<string, unknown> {
  const byPointer = pointersOf(rules);
  const byGroup = new Map<FieldGroup, Release>(releases.map((release) => [release.group, release]));
  const lookup: ReleaseLookup = (group, pointer) => {
    const release = byGroup.get(group);
    if (release?.condition === undefined) return release;
    return conditionHolds(release.condition, pointer, data, context) ? release : undefined;
  };
  const result = projectMembers({ rules: byPointer, lookup }, data, '', false, []);
  return typeof result === 'symbol' ? {} : result;
}

/** The rules of a contract are one list for as long as the process lives. */
const pointers = new WeakMap<readonly PropertyRule[], ReadonlyMap<string, PropertyRule>>();

function pointersOf(rules: readonly PropertyRule[]): ReadonlyMap<string, PropertyRule> {
  const known = pointers.get(rules);
  if (known) return known;
  const byPointer = new Map(rules.map((rule) => [rule.pointer, rule]));
  if (byPointer.size !== rules.length) throw new Error('two rules name the same property');
  pointers.set(rules, byPointer);
  return byPointer;
}

/** `limit`: names that the array around this item lets through; null when it sets no limit. */
function projectNode(job: Job, node: unknown, pointer: string, inherited: boolean, limit: Limit): unknown {
  const rule = job.rules.get(pointer);
  if (Array.isArray(node)) return projectArray(job, node, pointer, rule, inherited);
  if (typeof node !== 'object' || node === null) return projectScalar(job, node, pointer, rule, inherited);
  const action = rule === undefined ? null : containerAction(job, rule);
  if (action === 'drop') return OMIT;
  return projectMembers(job, node as JsonObject, pointer, inherited || action !== null, [limit, membersOf(action)]);
}

function projectMembers(
  job: Job,
  node: JsonObject,
  pointer: string,
  inherited: boolean,
  limits: readonly Limit[],
): Record<string, unknown> | typeof OMIT | typeof OMIT_ITEM {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(node)) {
    // `*` in a pointer means "any item": a member of that name must not pass for one.
    if (name === '*') continue;
    const result = projectNode(job, value, `${pointer}/${escapeSegment(name)}`, inherited, null);
    // Asked before the limits: a withheld value takes its item along even where the member itself would not show.
    if (result === OMIT_ITEM) return OMIT_ITEM;
    if (result !== OMIT && limits.every((limit) => limit === null || limit.includes(name))) kept.push([name, result]);
  }
  if (kept.length > 0) return Object.fromEntries(kept);
  const stays = Object.keys(node).length === 0 && seesEverything(job, pointer, inherited);
  return stays ? {} : OMIT;
}

function projectArray(
  job: Job,
  items: readonly unknown[],
  pointer: string,
  rule: PropertyRule | undefined,
  inherited: boolean,
): unknown {
  const itemPointer = `${pointer}/*`;
  const itemRule = job.rules.get(itemPointer);
  const action = rule === undefined ? null : containerAction(job, rule);
  const judge = (item: unknown): unknown => {
    const isScalar = typeof item !== 'object' || item === null;
    // A list of codes may carry its rule on the list itself: then each code is judged by it.
    if (isScalar && itemRule === undefined) return projectScalar(job, item, itemPointer, rule, inherited);
    if (action === 'drop') return OMIT;
    return projectNode(job, item, itemPointer, inherited || action !== null, membersOf(action));
  };
  const kept = items.map(judge).filter((item) => item !== OMIT && item !== OMIT_ITEM);
  if (kept.length > 0) return kept;
  return items.length === 0 && seesEverything(job, pointer, inherited) ? [] : OMIT;
}

function projectScalar(
  job: Job,
  value: unknown,
  pointer: string,
  rule: PropertyRule | undefined,
  inherited: boolean,
): unknown {
  if (rule === undefined) return inherited ? value : OMIT;
  const text = scalarText(value);
  const special = Object.hasOwn(rule.values, text) ? rule.values[text] : undefined;
  if (special !== undefined) {
    if (isValueReleased(special.group, rule.pointer, job.lookup)) return value;
    return isInItem(pointer) ? OMIT_ITEM : OMIT;
  }
  if (isWithheldForAValue(rule, job.lookup)) return OMIT;
  const result = applyToScalar(actionFor(rule, job.lookup), value, text);
  const classOnly = job.lookup(rule.group, rule.pointer)?.condition === '15';
  return classOnly && !isExitClass(result) ? OMIT : result;
}

function applyToScalar(action: LevelAction, value: unknown, text: string): unknown {
  if (action === 'keep') return value;
  if (action === 'drop' || 'members' in action) return OMIT;
  return Object.hasOwn(action.map, text) ? action.map[text] : OMIT;
}

/** A parent is kept, kept in part or dropped. A coded level and condition 15 speak of single values, not of parents. */
function containerAction(job: Job, rule: PropertyRule): 'keep' | 'drop' | { readonly members: readonly string[] } {
  const action = actionFor(rule, job.lookup);
  if (action === 'drop' || job.lookup(rule.group, rule.pointer)?.condition === '15') return 'drop';
  return action === 'keep' || 'members' in action ? action : 'drop';
}

function membersOf(action: ReturnType<typeof containerAction> | null): Limit {
  return action !== null && typeof action === 'object' ? action.members : null;
}

function seesEverything(job: Job, pointer: string, inherited: boolean): boolean {
  const within = [...job.rules.values()].filter((rule) => `${rule.pointer}/`.startsWith(`${pointer}/`));
  if (within.length === 0) return inherited;
  return within.every((rule) => groupsOfRule(rule).every((group) => isValueReleased(group, rule.pointer, job.lookup)));
}

function escapeSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
