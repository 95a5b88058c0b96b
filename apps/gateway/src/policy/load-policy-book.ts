import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy } from './load-policy.js';
import type { Policy } from './policy.js';
import { PolicyBook } from './policy-book.js';
import { PolicyError } from './policy-error.js';

/** A policy is changed a few times a year; more folders than this is a wrong directory. */
const MAX_VERSIONS = 200;

/**
 * Reads every version under the policy directory: one folder each, called by its version. All of them are checked, also
 * those of the future: a version that cannot take effect must be found before its day. @throws PolicyError
 */
export function loadPolicyBook(dir: string): PolicyBook {
  const entries = entriesOf(dir);
  const stray = entries.find((entry) => !entry.isDirectory());
  if (stray) throw new PolicyError(stray.name, 0, 'stands beside the versions: POLICY_DIR holds a folder for each');
  if (entries.length > MAX_VERSIONS) throw new PolicyError('', 0, `holds more than ${MAX_VERSIONS} versions`);
  return PolicyBook.of(entries.map(({ name }) => loadVersion(dir, name)));
}

function entriesOf(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  } catch (error) {
    throw new PolicyError('', 0, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function loadVersion(dir: string, folder: string): Policy {
  const policy = inFolder(folder, () => loadPolicy(join(dir, folder)));
  if (policy.version === folder) return policy;
  throw new PolicyError(`${folder}/version.json`, 0, `says ${policy.version}: a folder is called by its version`);
}

/** What is wrong in one version, with its folder before the file. */
function inFolder<T>(folder: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (error instanceof PolicyError) throw new PolicyError(`${folder}/${error.file}`, error.line, error.reason);
    throw error;
  }
}
