import { propertyRules } from '#contracts/property-rules.js';
import { decideContent, type ContentRequest } from '../../policy/decide.js';
import type { Decision } from '../../policy/decision.js';
import type { Policy } from '../../policy/policy.js';

/** A version of the policy never changes once it is loaded; a new one is another object. */
const made = new WeakMap<Policy, Map<string, Decision>>();

/**
 * `decideContent` by the rules of the contract, worked out once for each question. It depends on nothing of the message
 * but what stands in the key, and of those combinations a policy has some hundred.
 */
export function contentDecision(policy: Policy, request: Omit<ContentRequest, 'rules'>): Decision {
  const { readerKind, purpose, grant, messagePurpose, contract, endedPurposes = [] } = request;
  const hasEnded = purpose !== undefined && endedPurposes.includes(purpose);
  const key = [readerKind, purpose, grant, messagePurpose, contract.id, hasEnded].join(' ');
  const decisions = made.get(policy) ?? new Map<string, Decision>();
  made.set(policy, decisions);
  const known = decisions.get(key);
  if (known) return known;
  const decision = decideContent(policy, { ...request, rules: propertyRules(contract.id) });
  decisions.set(key, decision);
  return decision;
}
