import { freezeTree, killTree, thaw } from './process-tree.js';

/** How one part of the stand is started and found; a victim does the rest. */
export interface Control {
  /** Null while it does not run. */
  readonly pid: () => Promise<number | null>;
  /** Starts it as it was started at first and waits until it can be used. */
  readonly start: () => Promise<void>;
  /** In order, as an operator would. */
  readonly stop: () => Promise<void>;
  /** How it ended; empty while that is not known. */
  readonly ending?: () => string;
}

/** One process, or a server with its children, to which things are done. What was not done to it is an own end. */
export class Victim {
  private handled = 0;
  private starting: Promise<void> | null = null;

  constructor(
    readonly name: string,
    private readonly control: Control,
  ) {}

  /** kill -9; stays down until `revive`. */
  async kill(): Promise<void> {
    this.hold();
    const pid = await this.control.pid();
    if (pid !== null) await killTree(pid);
  }

  /** SIGTERM or the command of the trade; stays down until `revive`. */
  /** From here until `revive` nobody else starts it again. */
  hold(): void {
    this.handled += 1;
  }

  async revive(): Promise<void> {
    try {
      await this.ensureUp();
    } finally {
      this.handled -= 1;
    }
  }

  /** SIGSTOP; gives back how to let it go on. */
  async freeze(): Promise<() => void> {
    const pid = await this.control.pid();
    if (pid === null) return () => undefined;
    this.handled += 1;
    const frozen = await freezeTree(pid);
    return () => {
      thaw(frozen);
      this.handled -= 1;
    };
  }

  async isDown(): Promise<boolean> {
    return (await this.control.pid()) === null;
  }

  /** True when it ended although nobody ended it. */
  async hasFallen(): Promise<boolean> {
    return this.handled === 0 && this.starting === null && (await this.control.pid()) === null;
  }

  /** Nobody else may start it meanwhile. */
  async ensureUp(): Promise<void> {
    if ((await this.control.pid()) !== null && this.starting === null) return;
    this.starting ??= this.control.start().finally(() => (this.starting = null));
    await this.starting;
  }

  get ending(): string {
    return this.control.ending?.() ?? '';
  }

  /** In order; stays down until `revive`. */
  stop(): Promise<void> {
    this.hold();
    return this.control.stop();
  }
}
