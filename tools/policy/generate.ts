import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import type { Policy } from '../../apps/gateway/src/policy/policy.js';
import { releaseProblems } from './release-problems.js';
import { releaseTables, type RouteRelease } from './release-tables.js';
import { renderDpia } from './render-dpia.js';
import { renderRegister } from './render-register.js';
import { renderReleaseTables } from './render-release-tables.js';

const POLICY_DIR = 'apps/gateway/policy';

/** What is made of the newest version, by file. */
const DOCUMENTS: Readonly<Record<string, (policy: Policy, tables: readonly RouteRelease[]) => string>> = {
  'docs/generated/release-by-message.md': renderReleaseTables,
  'docs/register-of-processing-activities.md': renderRegister,
  'docs/dpia-input.md': renderDpia,
};

/**
 * Writes the documents, or with `--check` compares them with those that stand. Run from the root of the repository.
 * Returns the exit code: 1 when a table has a problem or a document is out of date.
 */
export function main(args: readonly string[]): number {
  const policy = loadPolicyBook(POLICY_DIR).newest;
  const tables = releaseTables(policy);
  const problems = releaseProblems(policy, tables);
  for (const problem of problems) console.error(`release table: ${problem}`);
  const texts = Object.entries(DOCUMENTS).map(([file, render]) => [file, render(policy, tables)] as const);
  if (args.includes('--check')) {
    const stale = texts.filter(([file, text]) => text !== readIfThere(file));
    for (const [file] of stale) console.error(`${file} is out of date: run node dist/tools/policy/generate.js`);
    return problems.length + stale.length === 0 ? 0 : 1;
  }
  for (const [file, text] of texts) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.log(
    `${texts.length} documents of policy ${policy.version}: ${tables.length} routes, ${problems.length} problems`,
  );
  return problems.length === 0 ? 0 : 1;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = main(process.argv.slice(2));
}
