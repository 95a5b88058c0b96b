import { describe, expect, it } from '@jest/globals';
import { PURPOSES, type Role } from '#contracts/domain.js';
import { contractById } from '#contracts/catalogue.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from './decide.js';
import { GRANT_ROLES, grantReleases } from './grant-releases.js';
import { loadPolicy } from './load-policy.js';
import { allowsLevel } from './matrix-bound.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');
const row = policy.releases['P07;MR'] ?? [];
const MEMBERS: readonly Role[] = ['MC', 'NG', 'IN', 'DT', 'AV', 'CO', 'PB'];

describe('a grant', () => {
  it('gives a member of an MRT what its own column of the matrix allows', () => {
    expect(grantReleases(policy, row, 'DT')).toContainEqual({ group: 'FG12', level: 'F' });
    expect(grantReleases(policy, row, 'NG')).toContainEqual({ group: 'FG12', level: 'm', condition: 'M' });
    expect(grantReleases(policy, row, 'NG')).toContainEqual({ group: 'FG20', level: 'b' });
    expect(grantReleases(policy, row, 'IN').map(({ group }) => group)).not.toContain('FG18');
  });

  it.each(GRANT_ROLES)('%s never exceeds the own column of any member, and keeps its conditions', (grant) => {
    for (const purpose of PURPOSES) {
      for (const own of MEMBERS) {
        for (const release of grantReleases(policy, policy.releases[`${purpose};${grant}`] ?? [], own)) {
          const cell = policy.matrix[release.group]?.[own];
          expect(cell?.level && allowsLevel(cell.level, release.level)).toBe(true);
          const needed = policy.conditions.find(({ number }) => number === cell?.condition)?.requires ?? [];
          if (needed.length > 0) expect(needed).toContain(release.condition);
        }
      }
    }
  });

  it('opens what the case holds for its own purpose, and for no other', () => {
    const [contract, rules] = [contractById('M08'), propertyRules('M08')];
    const asked = { readerKind: 'DTV', messagePurpose: 'P03', contract, rules } as const;
    expect(decideContent(policy, { ...asked, purpose: 'P07' })).toMatchObject({
      permit: false,
      ground: 'NO_SUCCESSOR',
    });
    expect(decideContent(policy, { ...asked, purpose: 'P07', grant: 'MR' })).toMatchObject({
      permit: true,
      role: 'MR',
    });
    expect(decideContent(policy, { ...asked, purpose: 'P09', grant: 'MR' })).toMatchObject({
      permit: false,
      ground: 'NO_ROW',
    });
    const stranger = { ...asked, readerKind: 'CONSOLE', purpose: 'P07', grant: 'MR' } as const;
    expect(decideContent(policy, stranger)).toMatchObject({ permit: false, ground: 'NO_ROLE' });
  });
});
