import { parseArgs } from 'node:util';
import { UsageError, type Command } from './command.js';
import { policyOf } from './policy-argument.js';
import { diffPolicies } from './policy-diff.js';
import { renderDiff } from './render-diff.js';

export const DIFF: Command = {
  help: `diff <old> <new> [--json]

Who gains and who loses what, per purpose, role and field group; what that does to each message and receiver; and what
changes in successors, ends, roles, terms, activities and legal bases. Versions by folder or by name. Exit code: 0 the
same, 1 different.`,
  run: (args, print) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    });
    const [before, after] = positionals;
    if (before === undefined || after === undefined) throw new UsageError('diff needs two versions');
    const now = policyOf(after);
    const diff = diffPolicies(policyOf(before), now);
    print(values.json === true ? JSON.stringify(diff, null, 2) : renderDiff(now, diff).trimEnd());
    return diff.same ? 0 : 1;
  },
};
