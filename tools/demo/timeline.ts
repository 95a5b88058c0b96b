/** Says what is being done and how long it took, one line a step. */
export class Timeline {
  private readonly startedAt = Date.now();

  constructor(private readonly write: (line: string) => void) {}

  /** Runs a step; tells when it begins and when it is done, or that it failed. */
  async step<T>(title: string, work: () => Promise<T>, outcome?: (result: T) => string): Promise<T> {
    const begunAt = Date.now();
    this.note(`${title} ...`);
    try {
      const result = await work();
      const what = outcome ? `: ${outcome(result)}` : '';
      this.note(`${title} ready in ${seconds(begunAt)} s${what}`);
      return result;
    } catch (error) {
      this.note(`${title} failed after ${seconds(begunAt)} s`);
      throw error;
    }
  }

  note(text: string): void {
    this.write(`[${seconds(this.startedAt).padStart(5)} s] ${text}`);
  }
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
