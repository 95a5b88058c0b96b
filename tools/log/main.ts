import 'reflect-metadata';
import { userInfo } from 'node:os';
import { EXPORT } from './export-command.js';
import { KEY } from './key-command.js';
import type { LogCommand } from './log-command.js';
import { RESTART } from './restart-command.js';
import { VIEW } from './view-command.js';

/** In the order in which the help shows them. */
const COMMANDS: Readonly<Record<string, LogCommand>> = {
  export: EXPORT,
  key: KEY,
  restart: RESTART,
  view: VIEW,
};

const HELP = `Usage: npm run log -- <command> [...]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

npm run log -- <command> --help says more.`;

const [name = '--help', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) {
  console.log(HELP);
  process.exitCode = name === '--help' ? 0 : 2;
} else {
  try {
    const surroundings = { env: process.env, operator: userInfo().username };
    process.exitCode = await command.run(args, surroundings, (line) => console.log(line));
  } catch (error) {
    console.error(`Nothing more was done: ${error instanceof Error ? error.message : 'unknown error'}`);
    process.exitCode = 1;
  }
}
