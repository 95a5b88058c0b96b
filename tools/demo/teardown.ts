/**
 * What must be stopped, in an order of its own: steps start side by side, but stopping goes from those who send to what
 * they need. Safe to run twice; one failure does not keep the rest running.
 */
export class Teardown<Name extends string> {
  private readonly stops = new Map<Name, () => Promise<void>>();

  constructor(
    private readonly order: readonly Name[],
    private readonly report: (text: string) => void,
  ) {}

  defer(name: Name, stop: () => Promise<void>): void {
    this.stops.set(name, stop);
  }

  async run(): Promise<void> {
    for (const name of this.order) {
      const stop = this.stops.get(name);
      this.stops.delete(name);
      try {
        await stop?.();
      } catch (error) {
        this.report(`${name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
