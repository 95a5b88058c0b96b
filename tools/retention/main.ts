import 'reflect-metadata';
import { runSubcommand, type Subcommand } from '../support/subcommand.js';
import { checkCommand } from './check-command.js';
import { holdCommand } from './hold-command.js';
import { planCommand } from './plan-command.js';
import { replayCommand } from './replay-command.js';
import { runCommand } from './run-command.js';

const COMMANDS: Readonly<Record<string, Subcommand>> = {
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

await runSubcommand(COMMANDS, HELP);
