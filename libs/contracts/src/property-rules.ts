import type { ContractId, PropertyRule } from './contract.js';
import { PROPERTY_RULES } from './generated/property-rules.js';

/** Field group, class and levels of each property of a contract. Throws on an unknown id. */
export function propertyRules(id: ContractId): readonly PropertyRule[] {
  const rules = PROPERTY_RULES[id];
  if (!rules) throw new Error(`no property rules for ${id}`);
  return rules;
}
