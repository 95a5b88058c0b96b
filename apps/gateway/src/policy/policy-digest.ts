import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PolicyError } from './policy-error.js';

/**
 * SHA-256 (hex) over the names and the bytes of the files of one version, in order of their names. Anyone can compute it:
 * `cd apps/gateway/policy/2026.1 && LC_ALL=C sha256sum * | sha256sum`.
 * @param known names that the version may hold; another one would change the digest and say nothing.
 * @throws PolicyError naming a file that is not part of a policy
 */
export function policyDigest(dir: string, known: readonly string[]): string {
  const names = readdirSync(dir).sort();
  const stray = names.find((name) => !known.includes(name));
  if (stray !== undefined) throw new PolicyError(stray, 0, 'is not a file of a policy');
  const lines = names.map((name) => `${sha256(readFileSync(join(dir, name)))}  ${name}\n`);
  return sha256(lines.join(''));
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
