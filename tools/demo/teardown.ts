/** What must be stopped, in reverse order of starting. Safe to run twice; one failure does not keep the rest running. */
export class Teardown {
  private readonly steps: { readonly name: string; readonly stop: () => Promise<void> }[] = [];

  constructor(private readonly report: (text: string) => void) {}

  defer(name: string, stop: () => Promise<void>): void {
    this.steps.push({ name, stop });
  }

  async run(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step.stop();
      } catch (error) {
        this.report(`${step.name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
