import { describe, expect, it } from '@jest/globals';
import type { Contract, PropertyRule } from '#contracts/contract.js';
import type { FieldGroup } from '#contracts/domain.js';
import { loadPolicy } from '../../apps/gateway/src/policy/load-policy.js';
import { releaseProblems } from './release-problems.js';
import { releaseTables } from './release-tables.js';
import { renderReleaseTables } from './render-release-tables.js';

const policy = loadPolicy('apps/gateway/policy/2026.1');

/** Drops at every level that it does not name. */
function rule(pointer: string, group: FieldGroup, more: Partial<PropertyRule> = {}): PropertyRule {
  const levels = { m: 'drop', b: 'drop', o: 'drop', s: 'drop', ...more.levels } as const;
  return { pointer, group, class: 'S', values: {}, ...more, levels };
}
function catalogue(rules: readonly PropertyRule[], routes: Contract['routes']) {
  const contract: Contract = {
    id: 'M08', name: 'IndDossierPart', dutch: 'dossierdeel IND', type: 'nl.lvv.ind-dossier-part.v1', version: 1,
    kind: 'RESPONSE', family: 'dossier-part', senders: ['IND'], purposes: ['P03'], legalBases: ['LB2'],
    processingActivity: 'https://example.org/activity', caseId: 'required', routes,
  }; // prettier-ignore
  return { contracts: [contract], rulesOf: () => rules };
}
const toMunicipality = { to: 'MUNICIPALITY', purpose: 'P03', when: 'ALWAYS' } as const;
const toNgo = { to: 'NGO', purpose: 'P03', when: 'ALWAYS' } as const;
function problems(rules: readonly PropertyRule[], ...routes: Contract['routes']): string[] {
  const given = catalogue(rules, routes);
  return releaseProblems(policy, releaseTables(policy, given), given);
}

describe('release tables of a hand-made contract', () => {
  it('names levels and what is withheld, per route', () => {
    const rules = [
      rule('/v_number', 'FG02'),
      rule('/ban', 'FG09', { levels: { m: { members: ['exists'] } } }),
      rule('/on', 'FG01'),
    ];
    const [table] = releaseTables(policy, catalogue(rules, [toMunicipality]));
    expect(table?.released).toEqual([
      { group: 'FG01', level: 'F' },
      { group: 'FG02', level: 'F' },
      { group: 'FG09', level: 'm' },
    ]);
    expect(table?.withheld).toEqual([]);
  });

  it('shows in the document which property stays away for a value, and no line for the other', () => {
    const rules = [
      rule('/status', 'FG01', { values: { X: { group: 'FG20', class: 'SC' } }, levels: { m: 'keep' } }),
      rule('/on', 'FG00'),
    ];
    const given = catalogue(rules, [toNgo, toMunicipality]);
    const text = renderReleaseTables(policy, releaseTables(policy, given));
    expect(text).toContain('| NGO | P03 | NG | ALWAYS | FG00=F | FG01, FG20 |');
    expect(text).toContain('NGO does not see /status.');
    expect(text).not.toContain('MUNICIPALITY does not see');
  });
});

describe('releaseProblems', () => {
  it('has nothing to say about a sound contract', () => {
    expect(problems([rule('/on', 'FG01', { levels: { m: 'keep' } })], toMunicipality, toNgo)).toEqual([]);
  });

  it.each([
    ['a route that releases nothing', [rule('/v', 'FG02')], toNgo, 'M08 to NGO for P03: releases nothing'],
    [
      'a purpose that the receiver does not have',
      [rule('/v', 'FG01')],
      { ...toNgo, purpose: 'P02' },
      'M08 to NGO for P02: refused',
    ],
    ['a level without an action', [rule('/v', 'FG09'), rule('/on', 'FG01')], toMunicipality, 'FG09=m has no meaning'],
    [
      'an NGO that sees criminal-law data',
      [rule('/v', 'FG01', { class: 'CR', levels: { m: 'keep' } })],
      toNgo,
      '/v is of class CR',
    ],
    [
      'a group that no message carries',
      [rule('/v', 'FG01'), rule('/m', 'FG32')],
      toMunicipality,
      'M08 /m: FG32 is in no message',
    ],
    [
      'a level of the table that a property says nothing about',
      [{ ...rule('/v', 'FG09'), levels: { s: 'drop' } }],
      toMunicipality,
      'M08 /v: level m of FG09 has no meaning; declare it in x-levels',
    ],
    ['an unknown group', [rule('/v', 'FG01'), rule('/m', 'FG99')], toMunicipality, 'M08 /m: FG99 is unknown'],
    [
      'a lower level that says more',
      [rule('/v', 'FG01', { levels: { b: 'keep' } })],
      toMunicipality,
      'M08 /v: level b says more',
    ],
  ] as const)('finds %s', (_what, rules, route, problem) => {
    expect(problems(rules, route).join('\n')).toContain(problem);
  });
});

describe('the catalogue', () => {
  it('releases something to every receiver of every message, and gives every level a meaning', () => {
    expect(releaseProblems(policy, releaseTables(policy))).toEqual([]);
  });

  it('gives a text that does not change from one run to the next', () => {
    const text = (): string => renderReleaseTables(policy, releaseTables(policy));
    expect(text()).toBe(text());
    expect(text()).toContain('## M08 IndDossierPart');
  });
});
