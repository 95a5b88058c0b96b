import { parseArgs } from 'node:util';
import { planRetention } from '../../apps/gateway/src/retention/plan-retention.js';
import type { Subcommand } from '../support/subcommand.js';
import { timeOf, withSession } from './session.js';

export const planCommand: Subcommand = {
  help: `Usage: npm run retention -- plan [--json] [--now <instant>]

What a run would remove now, counted by kind and by the month of recording, acceptance or opening. Changes nothing.

  --json           one JSON line a count
  --now <instant>  demo only: as if it were then`,
  async run(args, env, print) {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, now: { type: 'string' } },
    });
    const planned = await withSession(env, timeOf(values.now, env), planRetention);
    for (const one of planned) {
      print(values.json ? JSON.stringify(one) : `${one.what.toLowerCase()} ${one.kind} of ${one.month}: ${one.count}`);
    }
    if (planned.length === 0 && !values.json) print('Nothing is past its term.');
    return 0;
  },
};
