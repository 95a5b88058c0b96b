import type { CaseParty, LocalDate } from '../cases/case-snapshot.js';

/**
 * Whether this organisation is a party of the case on a local date (Europe/Amsterdam). Asked before any decision:
 * no party, no answer, whatever the purpose. `to` is exclusive.
 */
export function isParty(parties: readonly CaseParty[], oin: string, onDate: LocalDate): boolean {
  return parties.some(
    (party) => party.oin === oin && party.from <= onDate && (party.to === undefined || onDate < party.to),
  );
}
