import { lot } from '../population/prng.js';
import type { DueAt } from './intent.js';

/** Deadline clock of a system: `pace` 0 answers at once, 1 takes the demo's seconds, 60 minutes. */
export function createDueAt(pace: number): DueAt {
  return (entry, id, { minMs, maxMs }) => Date.parse(entry.at) + pace * (minMs + lot(id) * (maxMs - minMs));
}
