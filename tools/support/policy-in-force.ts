import { localDateAt } from '../../apps/gateway/src/cases/calendar.js';
import { DEFAULT_POLICY_DIR } from '../../apps/gateway/src/config.js';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import type { Policy } from '../../apps/gateway/src/policy/policy.js';

/** The version of the policy that holds at `now`, from POLICY_DIR as the gateway has it. @throws PolicyError */
export function policyInForce(env: NodeJS.ProcessEnv, now: Date): Policy {
  return loadPolicyBook(env.POLICY_DIR ?? DEFAULT_POLICY_DIR).at(localDateAt(now));
}
