import 'reflect-metadata';
import { runSubcommand, type Subcommand } from '../support/subcommand.js';
import { checkCommand } from './check-command.js';
import { createCommand } from './create-command.js';
import { restoreCommand } from './restore-command.js';

const COMMANDS: Readonly<Record<string, Subcommand>> = {
  create: createCommand,
  restore: restoreCommand,
  check: checkCommand,
};

const HELP = `Usage: npm run backup -- <command> [--help]

  create   copies the database to a new folder, beside a running gateway
  restore  makes an empty database what a backup was, and says whether anything is missing
  check    says what a database lacks of a backup, and of what witnesses of the log have seen

npm run backup -- <command> --help says more; the drill step by step: docs/operations.md, section 13.`;

// Whatever makes a file here, pg_dump too: it holds what the database holds.
process.umask(0o077);
await runSubcommand(COMMANDS, HELP);
