import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPolicyBook } from '../../apps/gateway/src/policy/load-policy-book.js';
import type { Command } from './command.js';
import { POLICY_DIR, policyOf } from './policy-argument.js';
import { releaseProblems } from './release-problems.js';
import { releaseTables } from './release-tables.js';

/** Loads a version, or all of them, as the gateway would, and asks of each table whether it means something. */
export const CHECK: Command = {
  help: `check [dir]

Checks a version (a folder with version.json), or all versions below a directory. Default: POLICY_DIR.
Exit code: 0 good, 1 wrong; what is wrong is said with file and line.`,
  run: (args, print) => {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    const dir = positionals[0] ?? POLICY_DIR;
    const isVersion = existsSync(join(dir, 'version.json'));
    const versions = isVersion ? [policyOf(dir)] : loadPolicyBook(dir).versions;
    // Older versions have decided what they had to; only the newest must fit the messages of today.
    const newest = versions.at(-1);
    const problems = newest ? releaseProblems(newest, releaseTables(newest)) : [];
    for (const problem of problems) print(`${newest?.version}: ${problem}`);
    for (const { version, validFrom, digest } of versions) print(`${version}  from ${validFrom}  sha256 ${digest}`);
    print(problems.length === 0 ? 'good' : `${problems.length} problems`);
    return problems.length === 0 ? 0 : 1;
  },
};
