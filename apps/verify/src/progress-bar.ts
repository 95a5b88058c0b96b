/** Where progress goes; `process.stderr` fits. */
export interface ProgressSink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const WIDTH = 30;
const TTY_EVERY_MS = 200;
/** A log of a pipeline needs to see that something lives, not a line a second. */
const PLAIN_EVERY_MS = 15_000;

/** A bar with rate and time left for counted work: rewritten in place on a terminal, a plain line now and then elsewhere. */
export class ProgressBar {
  private total = 0;
  private count = 0;
  private readonly startedAt = Date.now();
  private shownAt = Date.now();

  constructor(
    private readonly title: string,
    private readonly unit: string,
    private readonly sink: ProgressSink,
  ) {}

  /** More work than was known of. */
  expect(total: number): void {
    this.total += total;
  }

  advance(count: number): void {
    this.count += count;
    const now = Date.now();
    if (now - this.shownAt < (this.sink.isTTY ? TTY_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.shownAt = now;
    this.sink.write(this.sink.isTTY ? `\r\x1b[2K${this.line(now)}` : `${this.line(now)}\n`);
  }

  /** Takes the bar away: what came of the work is for others to say. */
  done(): void {
    if (this.sink.isTTY) this.sink.write('\r\x1b[2K');
  }

  private line(now: number): string {
    const share = this.total === 0 ? 1 : Math.min(1, this.count / this.total);
    const seconds = Math.max(0.001, (now - this.startedAt) / 1000);
    const filled = Math.round(share * WIDTH);
    const bar = '#'.repeat(filled) + '.'.repeat(WIDTH - filled);
    const left = share === 0 ? '' : `, ${Math.ceil(seconds / share - seconds)} s left`;
    const rate = Math.round(this.count / seconds).toLocaleString('en');
    return `${this.title} [${bar}] ${Math.floor(share * 100)}% of ${this.total.toLocaleString('en')} ${this.unit}, ${rate}/s${left}`;
  }
}
