export interface BatchSizeLimits {
  /** Cost of a batch on a machine that is quick. */
  readonly max: number;
  /** Cost of a batch on one that is not: below it the commit is the most of the work, and less in it is no sooner done. */
  readonly min: number;
  /** Who comes while a batch runs waits for the rest of it and for all of the next. */
  readonly aimMs: number;
}

/**
 * How much goes into one transaction so that it takes about `aimMs`, as the database is now. A number alone is either too
 * small for a quick machine or, when the machine is slow or what is in the batch waits for locks, half a second; and a
 * peer that always has enough waiting to fill a batch would let everybody else wait for it.
 */
export class BatchSize {
  private cost: number;

  constructor(private readonly limits: BatchSizeLimits) {
    this.cost = limits.max;
  }

  /** Of the next batch. */
  get maxCost(): number {
    return this.cost;
  }

  /** @param full whether more was waiting than it took: only such a batch says that a larger one would be used */
  took(elapsedMs: number, full: boolean): void {
    const { max, min, aimMs } = this.limits;
    if (elapsedMs > aimMs) this.cost = Math.max(min, this.cost / 2);
    else if (full && elapsedMs < aimMs / 2) this.cost = Math.min(max, this.cost * 2);
  }
}
