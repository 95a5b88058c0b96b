import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import { releaseProblems } from './release-problems.js';
import { releaseTables } from './release-tables.js';
import { renderReleaseTables } from './render-release-tables.js';

const POLICY_DIR = 'apps/gateway/policy';
const DOCUMENT = 'docs/generated/release-by-message.md';

/**
 * Writes the release document of the newest version, or with `--check` compares it with the one that stands. Run from the root of the
 * repository. Returns the exit code: 1 when a table has a problem or the document is out of date.
 */
export function main(args: readonly string[]): number {
  const policy = loadPolicyBook(POLICY_DIR).newest;
  const tables = releaseTables(policy);
  const problems = releaseProblems(policy, tables);
  for (const problem of problems) console.error(`release table: ${problem}`);
  const text = renderReleaseTables(policy, tables);
  if (args.includes('--check')) {
    if (text === readIfThere(DOCUMENT)) return problems.length === 0 ? 0 : 1;
    console.error(`${DOCUMENT} is out of date: run node dist/tools/policy/generate.js`);
    return 1;
  }
  mkdirSync(dirname(DOCUMENT), { recursive: true });
  writeFileSync(DOCUMENT, text);
  console.log(`${DOCUMENT}: ${tables.length} routes, ${problems.length} problems`);
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
