/**
 * Group commit: entries that arrive while a write is on its way go together in the next one, so that a disk sync is
 * shared by all messages that were taken meanwhile instead of paid by each.
 */
export class GroupWriter<T> {
  private gathered: T[] = [];
  private gathering: Promise<void> | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly write: (entries: readonly T[]) => Promise<void>) {}

  /** Resolves once the entry is on disk. */
  add(entry: T): Promise<void> {
    this.gathered.push(entry);
    this.gathering ??= this.nextWrite();
    return this.gathering;
  }

  private async nextWrite(): Promise<void> {
    const previous = this.writing;
    let done: () => void = () => undefined;
    this.writing = new Promise((resolve) => (done = resolve));
    await previous;
    const entries = this.gathered;
    this.gathered = [];
    this.gathering = undefined;
    try {
      await this.write(entries);
    } finally {
      done();
    }
  }
}
