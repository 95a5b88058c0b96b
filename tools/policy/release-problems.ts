import type { LevelAction, PropertyRule } from '#contracts/contract.js';
import { levelsInUse } from '../../apps/gateway/src/policy/levels-in-use.js';
import type { Policy } from '../../apps/gateway/src/policy/policy.js';
import { VIEW_RULES } from '../../apps/gateway/src/policy/view-rules.js';
import { CATALOGUE, type Catalogue, type RouteRelease } from './release-tables.js';

/** Groups that no message carries: biometrics, health details, asylum motives (INV-8). */
const NEVER_IN_A_MESSAGE: readonly string[] = ['FG05', 'FG19', 'FG32'];
/** Classes that never reach an NGO (INV-7). */
const NEVER_TO_AN_NGO: readonly string[] = ['CR', 'PD', 'BIO'];

/**
 * What is wrong with the tables or with a contract's annotations; empty when all is well. Fails the build:
 * a receiver that gets nothing is an error in the release table or in the route.
 */
export function releaseProblems(
  policy: Policy,
  tables: readonly RouteRelease[],
  catalogue: Catalogue = CATALOGUE,
): string[] {
  return [
    ...catalogue.contracts.flatMap(({ id }) => catalogue.rulesOf(id).flatMap((rule) => ruleProblems(policy, id, rule))),
    ...Object.entries(VIEW_RULES).flatMap(([view, rules]) => rules.flatMap((rule) => ruleProblems(policy, view, rule))),
    ...tables.flatMap((table) => routeProblems(table, catalogue.rulesOf(table.contract.id))),
  ];
}

function ruleProblems(policy: Policy, id: string, rule: PropertyRule): string[] {
  const at = `${id} ${rule.pointer}`;
  const named = [rule, ...Object.values(rule.values)];
  return [
    ...named
      .filter(({ group }) => policy.fieldGroups[group] === undefined)
      .map(({ group }) => `${at}: ${group} is unknown`),
    ...named
      .filter(({ group }) => NEVER_IN_A_MESSAGE.includes(group))
      .map(({ group }) => `${at}: ${group} is in no message`),
    ...levelsInUse(policy, rule.group)
      .filter((level) => rule.levels[level] === undefined)
      .map((level) => `${at}: level ${level} of ${rule.group} has no meaning; declare it in x-levels, if only as drop`),
    ...(saysMore(rule.levels.b, rule.levels.m) ? [`${at}: level b says more than level m`] : []),
  ];
}

function routeProblems(
  { contract, route, decision, released, withheld }: RouteRelease,
  rules: readonly PropertyRule[],
): string[] {
  const at = `${contract.id} to ${route.to} for ${route.purpose}`;
  if (!decision.permit) return [`${at}: refused (${decision.reasons.join('; ')})`];
  if (released.length === 0) return [`${at}: releases nothing`];
  const toNgo = route.to === 'NGO' ? rules.filter((rule) => NEVER_TO_AN_NGO.includes(rule.class)) : [];
  return [
    ...toNgo
      .filter((rule) => released.some(({ group }) => group === rule.group))
      .map((rule) => `${at}: ${rule.pointer} is of class ${rule.class}`),
    ...decision.releases
      .filter(({ group, condition }) => condition === undefined && withheld.includes(group))
      .map(({ group, level }) => `${at}: ${group}=${level} has no meaning in the contract`),
  ];
}

/** Whether one action can show something where the other shows nothing. */
function saysMore(less: LevelAction | undefined, more: LevelAction | undefined): boolean {
  if (less === undefined || less === 'drop' || more === 'keep') return false;
  if (more === undefined || more === 'drop' || less === 'keep') return true;
  if ('map' in less && 'map' in more) return Object.keys(less.map).some((value) => !Object.hasOwn(more.map, value));
  if ('members' in less && 'members' in more) return less.members.some((name) => !more.members.includes(name));
  return true;
}
