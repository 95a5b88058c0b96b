import { CONTRACTS } from '#contracts/catalogue.js';
import type { Contract, ContractId, PropertyRule, Route } from '#contracts/contract.js';
import type { FieldGroup } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from '../../apps/gateway/src/policy/decide.js';
import type { Decision, Release } from '../../apps/gateway/src/policy/decision.js';
import type { Policy } from '../../apps/gateway/src/policy/policy.js';
import { withheldForAValue } from '../../apps/gateway/src/policy/reach.js';

/** What one receiver of one contract sees of it for the purpose of its route. */
export interface RouteRelease {
  readonly contract: Contract;
  readonly route: Route;
  readonly decision: Decision;
  /** Groups that the reader gets in some form, with their level and condition. */
  readonly released: readonly Release[];
  readonly withheld: readonly FieldGroup[];
  /** Properties withheld for all values because one of their values is. */
  readonly withheldForAValue: readonly string[];
}

export interface Catalogue {
  readonly contracts: readonly Contract[];
  readonly rulesOf: (id: ContractId) => readonly PropertyRule[];
}

export const CATALOGUE: Catalogue = { contracts: CONTRACTS, rulesOf: propertyRules };

/** For every contract and each of its routes: released and withheld. Pure; in the order of the catalogue. */
export function releaseTables(policy: Policy, catalogue: Catalogue = CATALOGUE): RouteRelease[] {
  return catalogue.contracts.flatMap((contract) =>
    contract.routes.map((route) => routeRelease(policy, contract, route, catalogue.rulesOf(contract.id))),
  );
}

function routeRelease(policy: Policy, contract: Contract, route: Route, rules: readonly PropertyRule[]): RouteRelease {
  const purpose = route.purpose;
  const decision = decideContent(policy, { readerKind: route.to, purpose, messagePurpose: purpose, contract, rules });
  if (!decision.permit) {
    const withheld = [...new Set(rules.map(({ group }) => group))].sort();
    return { contract, route, decision, released: [], withheld, withheldForAValue: [] };
  }
  const released = decision.releases.filter(({ group }) => decision.released.includes(group));
  return {
    contract,
    route,
    decision,
    released: released.toSorted((a, b) => a.group.localeCompare(b.group)),
    withheld: decision.withheld,
    withheldForAValue: withheldForAValue(rules, decision.releases),
  };
}
