import { PolicyError } from '../../apps/gateway/src/policy/policy-error.js';
import { CHECK } from './check-command.js';
import { UsageError, type Command } from './command.js';
import { DIFF } from './diff-command.js';
import { EXPLAIN } from './explain-command.js';
import { REPLAY } from './replay-command.js';

const COMMANDS: Readonly<Record<string, Command>> = { check: CHECK, diff: DIFF, replay: REPLAY, explain: EXPLAIN };
const USAGE = `Usage: npm run policy -- <${Object.keys(COMMANDS).join('|')}> [--help]

  check    is a version in order?
  diff     who gains and who loses what between two versions?
  replay   what would have become of the recorded decisions of a period under a proposed version?
  explain  is something permitted, by which rule, and what is released?`;
const NOT_UNDERSTOOD = 2;

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;

if (command === undefined) {
  console[name === '--help' ? 'log' : 'error'](USAGE);
  process.exitCode = name === '--help' ? 0 : NOT_UNDERSTOOD;
} else if (args.includes('--help')) {
  console.log(`Usage: npm run policy -- ${command.help}`);
} else {
  try {
    process.exitCode = await command.run(args, (line) => console.log(line));
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  const message = error instanceof Error ? error.message : 'unknown error';
  if (error instanceof PolicyError) {
    console.error(message);
    return 1;
  }
  const misunderstood =
    error instanceof UsageError || String((error as { code?: string }).code).startsWith('ERR_PARSE');
  console.error(misunderstood ? `${message}. See --help.` : `It failed: ${message}`);
  return NOT_UNDERSTOOD;
}
