/** What a command on the log is told besides its own words. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Account name, when the command names nobody. */
  readonly operator: string;
}

/** One command of `npm run log`. `run` gives the exit code: 0 done, 1 not well, 2 not understood or not allowed. */
export interface LogCommand {
  readonly summary: string;
  readonly run: (args: readonly string[], surroundings: Surroundings, print: (line: string) => void) => Promise<number>;
}
