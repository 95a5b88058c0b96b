import { lot } from '../population/prng.js';

const REMEMBERED = 10_000;

/** A system that now and then answers "not now" at the first try, as real systems do; the next try goes through. */
export class Hiccups {
  private readonly seen = new Set<string>();

  constructor(private readonly share: number) {}

  /** True when this system must refuse this delivery this once. Draws the same lot for the same message. */
  strikes(system: string, source: string, id: string): boolean {
    const key = `${system}|${source}|${id}`;
    if (this.seen.has(key) || lot(key) >= this.share) return false;
    if (this.seen.size >= REMEMBERED) this.seen.clear();
    this.seen.add(key);
    return true;
  }
}
