import 'reflect-metadata';
import { problemsOf } from '../../apps/gateway/src/start-problems.js';
import { checkCommand } from './check-command.js';
import type { Command } from './command.js';
import { createCommand } from './create-command.js';
import { restoreCommand } from './restore-command.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  create: createCommand,
  restore: restoreCommand,
  check: checkCommand,
};

const HELP = `Usage: npm run backup -- <command> [--help]

  create   copies the database to a new folder, beside a running gateway
  restore  makes an empty database what a backup was, and says whether anything is missing
  check    says what a database lacks of a backup, and of what witnesses of the log have seen

npm run backup -- <command> --help says more; the drill step by step: docs/operations.md, section 13.`;

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

// Whatever makes a file here, pg_dump too: it holds what the database holds.
process.umask(0o077);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  for (const { cause, nextStep } of problemsOf(error)) console.error(`${cause}\n  Next step: ${nextStep}`);
  process.exitCode = 1;
}
