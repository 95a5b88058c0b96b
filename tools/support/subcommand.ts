import { problemsOf } from '../../apps/gateway/src/start-problems.js';

/** One of the things that a program does, named by its first argument. */
export interface Subcommand {
  readonly help: string;
  /** Exit code: 0 done, 1 something is wrong, 2 not understood. @throws GatewayStartError with cause and next step. */
  readonly run: (args: readonly string[], env: NodeJS.ProcessEnv, print: (line: string) => void) => Promise<number>;
}

/**
 * Runs the command that the first of `process.argv` names and sets the exit code. Without one it shows `help`; a name
 * that it does not know shows it too and is exit code 2. What is thrown is told as cause and next step, exit code 1.
 */
export async function runSubcommand(commands: Readonly<Record<string, Subcommand>>, help: string): Promise<void> {
  const [name = '--help', ...args] = process.argv.slice(2);
  const print = (line: string): void => console.log(line);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (command && !args.includes('--help')) {
      process.exitCode = await command.run(args, process.env, print);
      return;
    }
    print(command?.help ?? help);
    process.exitCode = command || name === '--help' ? 0 : 2;
  } catch (error) {
    for (const { cause, nextStep } of problemsOf(error)) console.error(`${cause}\n  Next step: ${nextStep}`);
    process.exitCode = 1;
  }
}
