/** A subcommand: understands its own arguments, prints, and gives the exit code. */
export interface Command {
  readonly help: string;
  readonly run: (args: readonly string[], print: (line: string) => void) => number | Promise<number>;
}

/** The command was not understood: exit code 2, with what is wrong. */
export class UsageError extends Error {}
