import { fileStamp } from './file-stamp.js';

const LOOK_INTERVAL_MS = 1_000;

export interface RotationWatch<T> {
  /** What the files hold now, checked as at the start. Awaited before the files are looked at again. */
  readonly onChange: (value: T) => void | Promise<void>;
  /** New files that cannot be used; called once for each change, and what was read before stays in use. */
  readonly onRefused: (error: Error) => void;
  readonly intervalMs?: number;
}

/**
 * What is made of files that an operator replaces while the process runs: a certificate with its key and authorities.
 * Looked at rather than notified of: notifications miss renames, links and mounted secrets.
 */
export class RotatingFiles<T> {
  private watches: RotationWatch<T>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  private constructor(
    private readonly files: readonly string[],
    private readonly read: () => Promise<T>,
    private value: T,
    /** Of the files as they were last taken or refused, and as they were at the last look. */
    private taken: string,
    private seen: string = taken,
  ) {}

  /** Reads the files now; rejects as `read` does. Nothing is watched yet. */
  static async open<T>(files: readonly string[], read: () => Promise<T>): Promise<RotatingFiles<T>> {
    // Before they are read: what changes meanwhile is read again.
    const stamp = await fileStamp(files);
    return new RotatingFiles(files, read, await read(), stamp);
  }

  get current(): T {
    return this.value;
  }

  /** Looks every second (or `intervalMs` of the first watch) until `close`. */
  watch(watch: RotationWatch<T>): void {
    this.watches.push(watch);
    this.timer ??= setInterval(() => void this.look(), watch.intervalMs ?? LOOK_INTERVAL_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
    this.watches = [];
  }

  /**
   * Looks now. Files that changed are taken at the look after, when they stand still: certificate and key are two
   * files, and between their two writes they do not belong together.
   */
  async look(): Promise<void> {
    this.running ??= this.lookOnce().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  private async lookOnce(): Promise<void> {
    const stamp = await fileStamp(this.files);
    const still = stamp === this.seen;
    this.seen = stamp;
    if (!still || stamp === this.taken) return;
    // Remembered before the check: bad files raise one alarm, not one a second.
    this.taken = stamp;
    try {
      this.value = await this.read();
      for (const { onChange } of this.watches) await onChange(this.value);
    } catch (error) {
      for (const { onRefused } of this.watches) onRefused(error as Error);
    }
  }
}
