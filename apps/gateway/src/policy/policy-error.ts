/** The policy cannot be loaded. Names the file and the line, so that whoever edits the tables finds the mistake. */
export class PolicyError extends Error {
  constructor(
    readonly file: string,
    /** 1-based; 0 when the file as a whole is at fault. */
    readonly line: number,
    readonly reason: string,
  ) {
    super(`policy ${file}${line > 0 ? `:${line}` : ''}: ${reason}`);
    this.name = 'PolicyError';
  }
}
