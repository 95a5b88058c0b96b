import type { CaseParty } from '../cases/case-snapshot.js';

/** Record member that names the municipality which coordinates the case; empty while there is none. */
export function municipalityOf(parties: readonly CaseParty[]): { readonly municipality?: string } {
  const oin = parties.find((party) => party.kind === 'MUNICIPALITY')?.oin;
  return oin === undefined ? {} : { municipality: oin };
}
