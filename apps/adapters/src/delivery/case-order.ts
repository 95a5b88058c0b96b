/**
 * Order per case, made true at the receiver (design 6): Kafka may deliver late, twice or not at all, so the only thing
 * that counts is `casesequence`. Pure rules over one case; the lane (case-lane.ts) does the reading and the waiting.
 */
export interface CasePosition {
  /** Highest `casesequence` that needs no delivery any more; 0 when nothing has been handled. */
  readonly last: number;
  /** First `casesequence` that is parked at the gateway for us; the case stands still from there. */
  readonly parkedAt?: number;
}

export const NEW_CASE: CasePosition = { last: 0 };

/**
 * `DONE`: behind the position, nothing to do. `DUE`: the next one. `GAP`: earlier ones have not been seen, so the inbox
 * must say whether they are still to come or were settled before (state lost, withdrawn, skipped by an operator).
 */
export type Turn = 'DONE' | 'DUE' | 'GAP';

export function turnOf(position: CasePosition, at: number): Turn {
  if (at <= position.last) return 'DONE';
  return at === position.last + 1 ? 'DUE' : 'GAP';
}

/** Position after `at` was taken by the system, or turned out to be taken, withdrawn or purged. Never moves back. */
export function passed(position: CasePosition, at: number): CasePosition {
  const last = Math.max(position.last, at);
  const { parkedAt } = position;
  return parkedAt === undefined || parkedAt <= last ? { last } : { last, parkedAt };
}

/** Position after the gateway parked `at`: it stays where it is, so that a redrive is delivered in its old place. */
export function parked(position: CasePosition, at: number): CasePosition {
  if (at <= position.last) return position;
  return { last: position.last, parkedAt: Math.min(at, position.parkedAt ?? at) };
}
