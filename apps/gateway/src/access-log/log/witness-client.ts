import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { askWitness } from './ask-witness.js';
import { activeWitnesses, type Witness } from './witnesses.js';

/** Also finds checkpoints that another process made, and witnesses that were registered meanwhile. */
const SWEEP_MS = 1_000;
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;
/** A witness that is down may not keep the gateway from starting. */
const START_LIMIT_MS = 6_000;

interface Called extends Witness {
  readonly url: string;
}

interface Line {
  asking: boolean;
  failures: number;
  notBeforeMs: number;
}

/**
 * Shows new checkpoints to the witnesses that the gateway calls itself (C2SP tlog-witness); at most one call to each is
 * under way. Witnesses at agencies come by themselves (take-cosignatures.ts).
 */
export class WitnessClient {
  private readonly lines = new Map<string, Line>();
  private readonly timer: NodeJS.Timeout;
  private readonly running = new Set<Promise<void>>();
  private closed = false;

  constructor(
    private readonly pool: Pool,
    private readonly log: Logger,
    private readonly onHalted: () => void,
  ) {
    this.timer = setInterval(() => this.wake(), SWEEP_MS).unref();
  }

  /**
   * Before anything is sequenced: what is the largest that each has seen? A log that is smaller is halted by the answer.
   * One that cannot be reached is asked again later.
   */
  async askAll(): Promise<void> {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, START_LIMIT_MS).unref());
    const asking = this.called().then((witnesses) => Promise.all(witnesses.map((one) => this.ask(one, true))));
    await Promise.race([asking, limit]);
  }

  wake(): void {
    if (this.closed) return;
    const pass = this.called()
      .then((witnesses) => Promise.all(witnesses.map((one) => this.ask(one, false))))
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.running.delete(pass));
    this.running.add(pass);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await Promise.all(this.running);
  }

  private async called(): Promise<readonly Called[]> {
    return (await activeWitnesses(this.pool)).filter((one): one is Called => one.url !== null);
  }

  private async ask(witness: Called, always: boolean): Promise<void> {
    const line = this.lines.get(witness.name) ?? { asking: false, failures: 0, notBeforeMs: 0 };
    this.lines.set(witness.name, line);
    if (line.asking || performance.now() < line.notBeforeMs) return;
    line.asking = true;
    try {
      if ((await askWitness(this.pool, this.log, witness, always)) === 'halted') this.onHalted();
      line.failures = 0;
    } catch (error) {
      line.failures += 1;
      line.notBeforeMs = performance.now() + Math.min(FIRST_BACKOFF_MS * 2 ** (line.failures - 1), MAX_BACKOFF_MS);
      // Once, not at each attempt: until it answers again, the figures show how far its cosignatures are behind.
      if (line.failures === 1)
        this.log.warn({ witness: witness.name, cause: causeOf(error) }, 'a witness does not cosign');
    } finally {
      line.asking = false;
    }
  }
}

/** What kind of failure; never what the witness wrote. */
function causeOf(error: unknown): string {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { code?: string } };
  return cause?.code ?? (name === 'TimeoutError' ? 'no answer in time' : (message ?? 'unknown'));
}
