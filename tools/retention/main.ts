import 'reflect-metadata';
import { problemsOf } from '../../apps/gateway/src/start-problems.js';
import { checkCommand } from './check-command.js';
import type { Command } from './command.js';
import { holdCommand } from './hold-command.js';
import { planCommand } from './plan-command.js';
import { replayCommand } from './replay-command.js';
import { runCommand } from './run-command.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  run: runCommand,
  plan: planCommand,
  replay: replayCommand,
  check: checkCommand,
  hold: holdCommand,
};

const HELP = `Usage: npm run retention -- <command> [--help]

  plan     what is past its term now, counted; changes nothing
  run      removes it, and records that it did
  hold     keeps a case until a date, whatever its term
  replay   after a restore: does again the erasures that the backup did not have
  check    whether everything that was erased is still gone; the gateway asks the same at its start

Environment:
  RETENTION_DATABASE_URL  postgresql://ketenpoort_retention:<password>@<host>:<port>/<database>
  POLICY_DIR              as the gateway has it, if it has one: the terms stand in retention.json of each version
  ERASURE_JOURNAL_FILE    where run notes each erasure beside the database; the same file for the gateway`;

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
  const command = COMMANDS[name];
  if (!command) {
    console.log(HELP);
    return name === '--help' ? 0 : 2;
  }
  if (args.includes('--help')) {
    console.log(command.help);
    return 0;
  }
  return await command.run(args, process.env, (line) => console.log(line));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  for (const { cause, nextStep } of problemsOf(error)) console.error(`${cause}\n  Next step: ${nextStep}`);
  process.exitCode = 1;
}
