import { kebabName } from '#contracts/catalogue.js';
import type { Contract } from '#contracts/contract.js';

/** What in the catalogue contradicts itself. Whether a route releases anything is judged with the policy. */
export function catalogueProblems(contracts: readonly Contract[]): readonly string[] {
  return [
    ...repeated(contracts.map(({ id }) => id)).map((id) => `${id}: stands twice in the catalogue. Remove one.`),
    ...repeated(contracts.map(({ type }) => type)).map((type) => `${type}: stands twice in the catalogue. Rename one.`),
    ...contracts.flatMap((contract) => entryProblems(contract).map((problem) => `${contract.id}: ${problem}`)),
  ];
}

function entryProblems(contract: Contract): readonly string[] {
  const { name, version, type, purposes, legalBases, processingActivity, routes, caseId, id } = contract;
  const ways = routes.map(({ to, purpose, when }) => `${to} for ${purpose} (${when})`);
  return [
    ...(type === `nl.lvv.${kebabName(name)}.v${version}` ? [] : ['its type does not follow from its name. Rename it.']),
    ...(purposes.length > 0 ? [] : ['names no purpose. Add the one for which it is sent.']),
    ...(legalBases.length > 0 ? [] : ['names no legal basis. Add one (domain 4.1).']),
    ...(URL.canParse(processingActivity) ? [] : ['its processing activity is no URI. Give one.']),
    ...(routes.length > 0 ? [] : ['goes to nobody. Add a route.']),
    ...repeated(ways).map((way) => `has the route to ${way} twice. Remove one.`),
    // Only an application comes before there is a case.
    ...((caseId === 'none') === (id === 'M01') ? [] : ['only M01 stands outside a case. Set caseId.']),
  ];
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
