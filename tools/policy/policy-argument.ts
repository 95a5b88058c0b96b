import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy } from '../../apps/gateway/src/policy/load-policy.js';
import type { Policy } from '../../apps/gateway/src/policy/policy.js';
import { PolicyError } from '../../apps/gateway/src/policy/policy-error.js';

/** Where the versions lie when the command does not say. */
export const POLICY_DIR = process.env.POLICY_DIR ?? 'apps/gateway/policy';

/** A version as someone names it: its folder, or its name below POLICY_DIR. @throws PolicyError */
export function policyOf(argument: string): Policy {
  const folder = [argument, join(POLICY_DIR, argument)].find((dir) => existsSync(join(dir, 'version.json')));
  if (folder === undefined)
    throw new PolicyError(argument, 0, `is neither a folder with a version nor one of ${POLICY_DIR}`);
  try {
    return loadPolicy(folder);
  } catch (error) {
    if (error instanceof PolicyError) throw new PolicyError(join(folder, error.file), error.line, error.reason);
    throw error;
  }
}
