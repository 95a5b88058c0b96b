import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PURPOSES, type PeerKind, type PurposeCode } from '#contracts/domain.js';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import { GatewayError } from '../../errors.js';
import { loadPolicy } from '../../policy/load-policy.js';
import { decideSearch, foundCase, type Permitted } from './search-decision.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');
const lines = readFileSync('apps/gateway/policy/2026.1/release-table.csv', 'utf8').trim().split('\n');
const SEARCHERS = ['MUNICIPALITY', 'IND', 'DTV'] as const;

/** A second reading of the release table: does the row of this organisation give anything of FG01? */
function givesCase(kind: (typeof SEARCHERS)[number], purpose: PurposeCode): boolean {
  const own = { MUNICIPALITY: purpose === 'P01' ? 'MI' : 'MC', IND: 'IN', DTV: 'DT' }[kind];
  return lines.some((line) => line.startsWith(`${purpose};${own};`) && /[;,]FG01=[Fm](,|$)/.test(line));
}

function decided(kind: PeerKind, purpose?: string, userReference?: string): string {
  const result = decideSearch(policy, { peer: { kind }, purpose, userReference });
  return result instanceof GatewayError ? result.code : 'permit';
}

describe('a search', () => {
  it.each(SEARCHERS)('by %s is for the purposes for which the release table gives it a case, and no other', (kind) => {
    const expected = PURPOSES.map((purpose) => [purpose, givesCase(kind, purpose) ? 'permit' : 'PURPOSE_NOT_ALLOWED']);
    expect(PURPOSES.map((purpose) => [purpose, decided(kind, purpose, 'm-7')])).toEqual(expected);
    expect(expected.map(([, outcome]) => outcome)).toEqual(expect.arrayContaining(['permit', 'PURPOSE_NOT_ALLOWED']));
  });

  it.each(['NGO', 'AVIM', 'COA', 'PROGRAMME'] as const)('is not for %s, whatever the purpose', (kind) => {
    for (const purpose of PURPOSES) expect(decided(kind, purpose, 'm-7')).toBe('SEARCH_NOT_ALLOWED');
  });

  it('is for a person with one purpose that exists', () => {
    expect(decided('IND', 'P03')).toBe('USER_REFERENCE_REQUIRED');
    expect(decided('IND', undefined, 'm-7')).toBe('PURPOSE_REQUIRED');
    expect(decided('IND', 'P99', 'm-7')).toBe('PURPOSE_NOT_ALLOWED');
  });

  it('shows id, pilot and state, and nothing that the releases do not give', () => {
    const flags = { dtvNotified: true, outOfCovenant: true, provisionalIdentity: true, dossierUnderCorrection: false };
    const shown = { pilot: 'GRO', state: 'SCREENING' } as const;
    const one = { ...shown, id: 'a', number: 'n', openedAt: 't', flags, stays: [], restPeriods: [] };
    const snapshot = one as unknown as CaseSnapshot;
    const decision = decideSearch(policy, { peer: { kind: 'IND' }, purpose: 'P03', userReference: 'm-7' }) as Permitted;
    expect(decision.released).toEqual(['FG01']);
    expect(foundCase(snapshot, decision, '')).toEqual({ caseId: 'a', ...shown });
    expect(foundCase(snapshot, { ...decision, releases: [{ group: 'FG08', level: 'F' }] }, '')).toEqual({});
  });
});
